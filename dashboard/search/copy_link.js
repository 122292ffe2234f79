// Beside the search: a button that copies the address of what the page shows, and says so. Where the browser refuses that
// (by http nobody may), the address is selected in a box, to be copied by hand.

const CHAIN = {
  name: "chain",
  symbol: "M5.2 3.9 6.9 2.2a2 2 0 0 1 2.9 2.9L8.1 6.8l.8.8 1.7-1.7a3.2 3.2 0 0 0-4.5-4.5L4.4 3.1z"
    + "M6.8 8.1 5.1 9.8a2 2 0 0 1-2.9-2.9L3.9 5.2l-.8-.8-1.7 1.7a3.2 3.2 0 0 0 4.5 4.5l1.7-1.7z"
    + "M4.3 6.9 6.9 4.3l.8.8L5.1 7.7z",
};
const SAID_FOR = 6000;

// With what the page shows without being asked, which another person's would not: see wire.js. The list that one came
// from is nobody else's.
function addressShown() {
  const address = new URL(location.href);
  const shown = new URLSearchParams(document.documentElement.dataset.shown);
  shown.forEach((value, name) => address.searchParams.set(name, value));
  address.searchParams.delete("list");
  return address.href;
}

function copyLink() {
  const label = "Copy link to this page";
  const button = attrs(el("button", "se-open se-copy", symbol(CHAIN)), {
    type: "button", "aria-label": label, title: label,
  });
  const said = attrs(el("span", "se-copied"), { role: "status" });
  const field = attrs(el("input", "se-input"), { type: "text", readonly: "", "aria-label": "Link to this page" });
  const close = attrs(el("button", "se-close", "Close"), { type: "button" });
  const why = el("p", "se-told", "Your browser does not let this page copy it. Copy the link from here.");
  const box = attrs(el("dialog", "se-box", el("div", "se-line", field, close), why), { "aria-label": "Copy link" });
  let telling = 0;
  const tell = () => {
    said.textContent = "Link copied";
    telling = setTimeout(() => { said.textContent = ""; }, SAID_FOR);
  };
  button.addEventListener("click", async () => {
    const address = addressShown();
    clearTimeout(telling);
    said.textContent = "";
    try {
      await navigator.clipboard.writeText(address);
      // What is said already would not be read out again.
      telling = setTimeout(tell, 50);
    } catch {
      field.value = address;
      box.showModal();
      field.select();
    }
  });
  close.addEventListener("click", () => box.close());
  return [button, said, box];
}
