// What is wrong with a field is tied to it: the sentence names its widget's key (`data-field`), and Streamlit's widgets
// cannot be told. The field is marked as invalid and described by the sentence for as long as that is on the page.

// A date's own input is there for forms, and hidden from everybody.
const NO_FIELD = "[type=radio], [type=checkbox], [type=file], [aria-hidden=true] *";
const INVALID = [`input:not(${NO_FIELD})`, "textarea", "[role=radiogroup]"].join(", ");

const OURS = "refusal-";
let sentences = 0, looking = false;

function fieldOf(key) {
  const name = `st-key-${key.trim().replace(/[^a-zA-Z0-9_-]/g, "-")}`;
  const place = document.querySelector(`.${CSS.escape(name)}, [data-key="${CSS.escape(key)}"]`);
  return place && (place.querySelector(INVALID) ?? place.querySelector("[role=group]"));
}

// What else describes the field is Streamlit's, which may write it again at any time: only our part is changed.
function describe(field, ids) {
  const before = field.getAttribute("aria-describedby") ?? "";
  const told = [...before.split(" ").filter((id) => id && !id.startsWith(OURS)), ...ids].join(" ");
  if (told === before) return;
  if (told) field.setAttribute("aria-describedby", told);
  else field.removeAttribute("aria-describedby");
}

function tie(field, ids) {
  describe(field, ids);
  field.dataset.refused = "";
  if (field.matches(INVALID) && field.ariaInvalid !== "true") field.setAttribute("aria-invalid", "true");
}

function untie(field) {
  describe(field, []);
  delete field.dataset.refused;
  if (field.matches(INVALID)) field.setAttribute("aria-invalid", "false");
}

function tieRefusals() {
  looking = false;
  const found = document.querySelectorAll("[data-field], [data-refused]");
  if (found.length > 0) tieAll([...found].filter((node) => node.dataset.field !== undefined));
}

function tieAll(told) {
  const wanted = new Map();
  for (const sentence of told) {
    const field = fieldOf(sentence.dataset.field);
    if (!field) continue;
    if (!sentence.id) sentence.id = `${OURS}${sentences += 1}`;
    wanted.set(field, [...(wanted.get(field) ?? []), sentence.id]);
  }
  for (const field of document.querySelectorAll("[data-refused]")) if (!wanted.has(field)) untie(field);
  for (const [field, ids] of wanted) tie(field, ids);
}

// Once a frame, however much of the page is drawn: where nothing is refused, one look for that. Also where only the
// attributes change: a field that is focused or closed is described anew without anything else being drawn.
new MutationObserver(() => {
  if (looking) return;
  looking = true;
  requestAnimationFrame(tieRefusals);
}).observe(document.body, {
  childList: true, subtree: true, attributeFilter: ["aria-describedby", "aria-invalid"],
});
tieRefusals();
