// The bar: labelled native controls, "More filters" behind a button, the panels, and the sentence.

const TYPING = 350;
// Whether "More filters" is open outlives a change of the page's data.
const unfolded = new Set();
let made = 0;

class Bar {
  constructor(host) {
    made += 1;
    this.id = `tb-${made}`;
    this.root = attrs(el("div", "tb look"), { role: "group" });
    this.first = el("div", "tb-controls");
    this.more = attrs(el("div", "tb-controls tb-more"), { id: `${this.id}-more` });
    this.unfold = attrs(el("button", "tb-button tb-unfold"), { type: "button", "aria-controls": this.more.id });
    this.unfold.addEventListener("click", () => this.turn());
    this.sentence = attrs(el("p", "tb-sentence"), { role: "status" });
    this.clear = attrs(el("button", "tb-button", "Clear all"), { type: "button" });
    this.clear.addEventListener("click", () => {
      this.act(["clear"]);
      this.first.querySelector("select, input")?.focus({ preventScroll: true });
    });
    this.panels = el("span", "tb-panels");
    this.root.append(this.first, this.more, el("div", "tb-line", this.sentence, this.clear, this.panels));
    this.controls = new Map();
    host.append(this.root);
  }

  show([label, controls, sentence, canClear, panels, opened, locked]) {
    followTheme(this.root);
    this.root.setAttribute("aria-label", label);
    const shape = JSON.stringify(controls.map(([key, name, kind, , , nothing]) => [key, name, kind, nothing]));
    if (shape !== this.shape) this.build(controls);
    this.shape = shape;
    for (const [key, , , value, options, nothing] of controls) this.controls.get(key).set(value, options, nothing);
    const on = controls.filter(([, , , value, , , , extra]) => extra && value !== "").length;
    this.unfold.textContent = on > 0 ? `More filters (${on})` : "More filters";
    const words = unbroken(sentence);
    if (this.sentence.textContent !== words) this.sentence.textContent = words;
    this.clear.hidden = !canClear || locked;
    for (const input of this.root.querySelectorAll("select, input")) input.disabled = locked;
    this.fold();
    this.showPanels(panels, opened);
  }

  build(controls) {
    this.controls.clear();
    this.first.replaceChildren();
    this.more.replaceChildren();
    controls.forEach(([key, label, kind, , , , help, extra], at) => {
      const control = makeControl(kind, `${this.id}-${at}`, label, help, (value) => this.act(["set", key, value]));
      control.box.dataset.key = key;
      this.controls.set(key, control);
      (extra ? this.more : this.first).append(control.box);
    });
    if (this.more.children.length > 0) this.first.append(this.unfold);
  }

  turn() {
    if (!unfolded.delete(this.key)) unfolded.add(this.key);
    this.fold();
  }

  fold() {
    this.more.hidden = !unfolded.has(this.key);
    this.unfold.setAttribute("aria-expanded", String(!this.more.hidden));
  }

  showPanels(panels, opened) {
    const known = new Map([...this.panels.children].map((button) => [button.textContent, button]));
    const buttons = panels.map((name) => known.get(name) ?? this.panel(name));
    if (buttons.some((button, at) => this.panels.children[at] !== button)) this.panels.replaceChildren(...buttons);
    for (const button of buttons) button.setAttribute("aria-expanded", String(button.textContent === opened));
  }

  panel(name) {
    const button = attrs(el("button", "tb-button", name), { type: "button" });
    button.addEventListener("click", () => {
      this.act(["panel", button.getAttribute("aria-expanded") === "true" ? null : name]);
    });
    return button;
  }
}

function field(id, label, help, ...inputs) {
  const about = help === null ? null : attrs(el("span", "look-unseen", help), { id: `${id}-help` });
  for (const input of inputs) attrs(input, { title: help, "aria-describedby": about?.id });
  return el("div", "tb-field", attrs(el("label", "", label), { for: id }), ...inputs, about);
}

function makeControl(kind, id, label, help, tell) {
  if (kind === "choice") return choice(id, label, help, tell);
  if (kind === "tick") return tick(id, label, help, tell);
  if (kind === "range") return range(id, label, help, tell);
  return typed(kind === "date" ? "date" : "search", id, label, help, tell);
}

function choice(id, label, help, tell) {
  const select = attrs(el("select", "tb-input"), { id });
  select.addEventListener("change", () => tell(select.value));
  let drawnOptions = null;
  const set = (value, options, nothing) => {
    const wanted = JSON.stringify([options, nothing]);
    if (wanted !== drawnOptions) {
      const all = nothing === null ? options : [["", nothing], ...options];
      select.replaceChildren(...all.map(([each, words]) => attrs(el("option", "", words), { value: each })));
      drawnOptions = wanted;
    }
    if (select.value !== value) select.value = value;
  };
  return { box: field(id, label, help, select), set };
}

function tick(id, label, help, tell) {
  const input = attrs(el("input", "tb-tick"), { id, type: "checkbox" });
  let ticked = "";
  input.addEventListener("change", () => tell(input.checked ? ticked : ""));
  const set = (value, [[only]]) => {
    ticked = only;
    input.checked = value === only;
  };
  const box = field(id, label, help, input);
  box.classList.add("tb-ticked");
  return { box, set };
}

function typed(type, id, label, help, tell) {
  const input = attrs(el("input", "tb-input"), { id, type, maxlength: 100, autocomplete: "off" });
  if (type === "date") input.min = "2000-01-01";
  let told = "", waiting = 0;
  const now = () => {
    clearTimeout(waiting);
    if (input.value.trim() === told) return;
    told = input.value.trim();
    tell(told);
  };
  input.addEventListener("change", now);
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    // A date is whole or empty at once, but a year is typed digit by digit.
    waiting = setTimeout(now, type === "date" ? 2 * TYPING : TYPING);
  });
  const set = (value) => {
    // What is being typed is the truth until it has been told.
    if (document.activeElement === input && input.value.trim() !== told) return;
    told = value;
    if (input.value.trim() !== value) input.value = value;
  };
  return { box: field(id, label, help, input), set };
}

function range(id, label, help, tell) {
  const ends = ["from", "to"].map((end, at) => attrs(el("input", "tb-input tb-end"), {
    id: at === 0 ? id : `${id}-to`, type: "number", min: 0, max: 100, step: "any", inputmode: "decimal",
    placeholder: at === 0 ? "0" : "100", "aria-label": `${label} ${end}`,
  }));
  const read = () => {
    const [low, high] = ends.map((input, at) => input.value === "" ? at * 100 : Math.min(100, Math.max(0, Number(input.value))));
    return low === 0 && high === 100 ? "" : `${Math.min(low, high)}-${Math.max(low, high)}`;
  };
  let told = "";
  for (const input of ends) {
    input.addEventListener("change", () => {
      if (read() === told) return;
      told = read();
      tell(told);
    });
  }
  const set = (value) => {
    told = value;
    const [low, high] = value === "" ? ["", ""] : value.split("-");
    [low, high].forEach((text, at) => {
      if (document.activeElement !== ends[at]) ends[at].value = text;
    });
  };
  const box = field(id, label, help, ends[0], el("span", "tb-to", "to"), ends[1]);
  return { box, set };
}

export default mounting(Bar);
