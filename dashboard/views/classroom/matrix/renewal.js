// Tells the matrix on the page a cell's new text: from the panel, whose own runs cannot draw the matrix.
// A renewal is told once: Streamlit may call again with the same data.

let told = null;

export default function ({ data }) {
  if (!data || data[0] === told) return;
  const [token, student, module, cell, why] = data;
  told = token;
  dispatchEvent(new CustomEvent("matrix-renewal", { detail: { student, module, cell, why } }));
}
