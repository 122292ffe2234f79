// The head of the panel beside the matrix: whose cell it is, the ways to the next, and out. What it tells the matrix is
// which cell is open, by `data-cell` of the root and the event "cell-shown".

const PANEL = ".st-key-cell_panel";
// Streamlit sends what a field holds a moment after it is left: what leads on waits for that, since a field that is
// taken off the page says nothing more.
const SENT = 50;
// By what is typed with Alt: a letter alone would be in the way of who speaks to their computer.
const WAYS = [
  { what: "Student", keys: ["KeyP", "KeyN"], letters: ["P", "N"] },
  { what: "Module", keys: ["Comma", "Period"], letters: [",", "."] },
];
const ARROWS_AT = ["M8 1.5 3.5 6 8 10.5", "M4 1.5 8.5 6 4 10.5"], CROSS = "M2 2 10 10M10 2 2 10";
let heads = 0;

class PanelHead {
  constructor(host) {
    heads += 1;
    this.title = attrs(el("h2", "cp-title"), { tabindex: "-1", id: `cp-title-${heads}` });
    this.cross = button("Close", "Esc", CROSS, () => this.shut());
    this.steps = WAYS.map((way) => new Steps(way, (cell) => this.go(cell)));
    this.say = attrs(el("p", "look-unseen"), { role: "status" });
    const ways = el("div", "cp-ways", ...this.steps.map(({ root }) => root));
    this.root = el("div", "cp look", el("div", "cp-top", this.title, this.cross), ways, this.say);
    host.append(this.root);
    this.panel = host.closest(PANEL);
    attrs(this.panel, { role: "region", "aria-labelledby": this.title.id });
    this.waiting = [];
    this.left = -SENT;
    this.heard = (event) => this.pressed(event);
    addEventListener("keydown", this.heard, true);
    this.bubbled = (event) => this.escaped(event);
    addEventListener("keydown", this.bubbled);
    this.panel.addEventListener("focusout", () => { this.left = performance.now(); }, true);
  }

  show([token, cell, student, module, places, isLeft]) {
    followTheme(this.root);
    const isOpening = token !== this.token || (this.isLeft && !isLeft), isOther = String(cell) !== String(this.cell);
    this.isLeft = isLeft;
    if (isLeft) return this.hide();
    Object.assign(this, { token, cell, isGoing: false, path: location.pathname });
    if (isOpening) delete this.panel.dataset.isClosed;
    else if (this.isShut()) return;
    if (isOther) {
      this.title.replaceChildren(named(student), module ? ": " : "", named(module));
      this.panel.scrollTop = 0;
    }
    this.steps.forEach((steps, at) => steps.show(places[at]));
    tellMatrix(cell.join("~"));
    if (isOpening) this.title.focus({ preventScroll: true });
    else if (isOther) this.say.textContent = [this.title.textContent, ...this.steps.map((one) => one.words)].join(", ");
    this.waiting.shift()?.();
  }

  // Another one's section may have no such field.
  go(cell) {
    if (!cell) return;
    if (!this.root.contains(document.activeElement) && this.isWithin()) this.title.focus({ preventScroll: true });
    this.isGoing = true;
    this.afterTyping(["go", ...cell]);
  }

  shut() {
    this.hide();
    this.afterTyping(["close", this.token]);
  }

  // What is being typed is sent by that the focus goes elsewhere.
  hide() {
    tellMatrix(null);
    this.panel.dataset.isClosed = "";
  }

  // Not from a page that was left meanwhile: its run would lead back to it.
  afterTyping(event) {
    if (this.isTypedIn()) document.activeElement.blur();
    const act = () => location.pathname === this.path && this.act(event);
    const rest = this.left + SENT - performance.now();
    if (rest > 0) setTimeout(act, rest);
    else act();
  }

  isShut() {
    return this.panel.dataset.isClosed !== undefined;
  }

  isWithin() {
    return this.panel.contains(document.activeElement);
  }

  isTypedIn() {
    return this.isWithin() && document.activeElement.matches("input, textarea");
  }

  pressed(event) {
    if (this.isBehind()) return;
    const isFree = document.activeElement === document.body;
    if (event.key === "Escape" && (isFree || this.isWithin())) {
      event.preventDefault();
      this.shut();
    } else this.stepBy(event);
  }

  // In the matrix: what that closes first is not heard of here.
  escaped({ key, target }) {
    if (key === "Escape" && !this.isBehind() && target.closest?.(".mx")) this.shut();
  }

  isBehind() {
    const isCovered = document.querySelector("dialog[open], [role=dialog], [data-baseweb=popover]");
    return isCovered !== null || this.isShut();
  }

  // In a field only where Alt writes nothing.
  stepBy(event) {
    const { code, key, altKey, ctrlKey, metaKey, shiftKey, repeat } = event;
    if (!altKey || ctrlKey || metaKey || shiftKey) return;
    const isField = document.activeElement.matches("input, textarea, select");
    const way = WAYS.findIndex(({ keys }) => keys.includes(code)), at = WAYS[way]?.keys.indexOf(code);
    if (way < 0 || (isField && (!this.isWithin() || key.toUpperCase() !== WAYS[way].letters[at]))) return;
    event.preventDefault();
    const step = () => this.go(this.steps[way].cells[at]);
    if (!this.isGoing) step();
    else if (!repeat) this.waiting.push(step);
  }

  close() {
    removeEventListener("keydown", this.heard, true);
    removeEventListener("keydown", this.bubbled);
    if (document.documentElement.dataset.cell === this.cell.join("~")) tellMatrix(null);
  }
}

// Of whom or of what the panel is in a row or column of the matrix, and the ways to its neighbours.
class Steps {
  constructor({ what, letters }, go) {
    this.what = what;
    this.place = el("span", "cp-place");
    this.buttons = ["Previous", "Next"].map((word, at) => attrs(
      button(`${word} ${what.toLowerCase()}`, `Alt+${letters[at]}`, ARROWS_AT[at], () => go(this.cells[at])),
      { "aria-keyshortcuts": `Alt+${letters[at]}` },
    ));
    const [before, after] = this.buttons;
    this.root = attrs(el("div", "cp-steps", before, this.place, after), { role: "group", "aria-label": what });
  }

  show([number, of, before, after]) {
    this.cells = [before, after];
    this.words = `${this.what} ${number ?? "–"} of ${of}`;
    this.place.textContent = this.words;
    this.buttons.forEach((one, at) => one.setAttribute("aria-disabled", String(!this.cells[at])));
  }
}

function button(name, key, path, act) {
  const svg = attrs(document.createElementNS(SVG, "svg"), { viewBox: "0 0 12 12", "aria-hidden": "true" });
  svg.append(attrs(document.createElementNS(SVG, "path"), { d: path }));
  const made = attrs(el("button", "cp-button", svg), { type: "button", "aria-label": name, title: `${name} (${key})` });
  made.addEventListener("click", act);
  return made;
}

function tellMatrix(cell) {
  const { dataset } = document.documentElement;
  if ((dataset.cell ?? null) === cell) return;
  if (cell) dataset.cell = cell;
  else delete dataset.cell;
  dispatchEvent(new CustomEvent("cell-shown"));
}

export default mounting(PanelHead);
