// The register: a plain table with a caption, row headings and a few kinds of cells.

const views = new WeakMap();
const STATUS_LETTERS = { NotStarted: "N", InProgress: "I", Completed: "C" };
const RIGHT = new Set(["number", "date"]);

const DRAW = {
  bar: (fraction, text) => {
    const full = el("span", "look-part look-part-completed");
    const rest = el("span", "look-part rg-rest");
    full.style.flexGrow = String(fraction);
    rest.style.flexGrow = String(1 - fraction);
    const parts = [fraction > 0 ? full : null, fraction < 1 ? rest : null];
    const bar = attrs(el("span", "look-bar", ...parts), { "aria-hidden": "true" });
    return [el("span", "rg-bar", bar, el("span", "", text))];
  },
  buckets: (...counts) => [el("span", "rg-buckets", bucketBar(...counts), bucketCounts(...counts))],
  status: (status, marks) => [el("span", "rg-status", chip(status), ...markChips(marks))],
  spark: (values, sentence) => [spark(values), el("span", "look-unseen", sentence)],
  strip: (...values) => [strip(...values)],
  link: (href, label) => [link(href, label, "rg-link")],
  unfold: (href, label, beneath) => [unfolder(href, label, beneath !== null)],
  tick: (name, label, isOn) => [tick(name, label, isOn)],
  lines: (...lines) => lines.map((line) => el("span", "rg-line", named(line))),
};

function chip(status) {
  const look = LOOKS.statuses[STATUS_LETTERS[status]];
  if (!look) return el("span", "rg-chip look-ink-problem", symbol(LOOKS.marks.p), `Unknown: ${status}`);
  return el("span", `rg-chip rg-chip-${look.name} look-ink-${look.name}`, symbol(look), look.word);
}

function markChips(marks) {
  return Object.entries(LOOKS.marks).filter(([mark]) => marks.includes(mark)).map(([, look]) =>
    el("span", `rg-chip look-ink-${look.name}`, symbol(look), look.word));
}

// A line of the values with its last point marked; a gap where a value is missing.
function spark(values) {
  const [width, height, edge] = [96, 24, 3];
  const known = values.filter((value) => value !== null);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const x = (at) => edge + (at * (width - 2 * edge)) / Math.max(1, values.length - 1);
  const up = (value) => (high === low ? 0.5 : (value - low) / (high - low));
  const y = (value) => height - edge - up(value) * (height - 2 * edge);
  const svg = attrs(document.createElementNS(SVG, "svg"), {
    viewBox: `0 0 ${width} ${height}`, class: "rg-spark", "aria-hidden": "true",
  });
  if (known.length === 0) return svg;
  let pen = "M";
  let path = "";
  values.forEach((value, at) => {
    if (value !== null) path += `${pen}${x(at).toFixed(1)} ${y(value).toFixed(1)}`;
    pen = value === null || path === "" ? "M" : "L";
  });
  const last = values.findLastIndex((value) => value !== null);
  svg.append(attrs(document.createElementNS(SVG, "path"), { d: path, class: "rg-spark-line" }),
    attrs(document.createElementNS(SVG, "circle"), { cx: x(last), cy: y(values[last]), r: 2.5, class: "rg-spark-last" }));
  return svg;
}

// Values on a scale from 0 to 100: thin lines, the box of the middle half, the median, a limit, and one of them.
function strip(others, half, median, value, limit) {
  const x = (at) => (4 + at * 2.72).toFixed(1);
  const isOn = (at) => at !== null && at >= 0 && at <= 100;
  const line = (at, from, to) => (isOn(at) ? `M${x(at)} ${from}V${to}` : "");
  const box = half ? `M${x(half[0])} 6H${x(half[1])}V18H${x(half[0])}Z` : "";
  const parts = [
    ["rg-strip-scale", "M4 21.5H276"], ["rg-strip-others", others.map((at) => line(at, 8, 16)).join("")],
    ["rg-strip-half", box], ["rg-strip-median", line(median, 6, 18)], ["rg-strip-limit", line(limit, 1, 23)],
    ["rg-strip-value", isOn(value) ? `M${x(value)} 5.5l6 6.5-6 6.5-6-6.5z` : ""],
  ];
  const svg = attrs(document.createElementNS(SVG, "svg"), {
    viewBox: "0 0 280 24", class: "rg-strip", "aria-hidden": "true",
  });
  svg.append(...parts.map(([name, d]) => attrs(document.createElementNS(SVG, "path"), { class: name, d })));
  return svg;
}

function tick(name, label, isOn) {
  const box = attrs(el("input", "rg-tick"), { type: "checkbox", "aria-label": label, "data-name": name });
  box.checked = isOn;
  return box;
}

// Opens or closes by going to the address that says so, as a link does.
function unfolder(href, label, isOpen) {
  const button = attrs(el("button", "rg-unfold", el("span", "rg-turn"), named(label)), {
    type: "button", "aria-expanded": String(isOpen),
  });
  button.addEventListener("click", () => goTo(href));
  return button;
}

// HTML that the server escaped, copied from an inert document: these elements and attributes, nothing else.
const COPIED = new Set("P DIV SPAN SMALL BDI CODE TIME TABLE CAPTION THEAD TBODY TR TH TD DETAILS SUMMARY OL LI".split(" "));
const KEPT = ["class", "scope", "role", "data-head", "datetime", "aria-hidden"];

function copied(html) {
  const copy = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return [node.data];
    const children = [...node.childNodes].flatMap(copy);
    if (!COPIED.has(node.tagName)) return children;
    const made = el(node.tagName.toLowerCase(), "", ...children);
    return [attrs(made, Object.fromEntries(KEPT.map((name) => [name, node.getAttribute(name)])))];
  };
  return copy(new DOMParser().parseFromString(html, "text/html").body);
}

function draw(cell) {
  if (cell === null) return ["–"];
  if (typeof cell === "string") return [named(cell)];
  const [what, ...values] = cell;
  return DRAW[what](...values);
}

const STOPS = ".rg-sort, .rg-value > a, .rg-value > button, .rg-value > input, .rg-group > a";

class Register {
  constructor(host) {
    this.root = el("div", "rg look");
    this.turn = 0;
    this.made = new Map();
    this.root.addEventListener("change", ({ target }) => {
      if (!target.classList.contains("rg-tick")) return;
      const boxes = [...this.root.querySelectorAll(".rg-tick")];
      this.act(["ticks", boxes.map((box) => [box.dataset.name, box.checked])]);
    });
    host.append(this.root);
  }

  show(data) {
    followTheme(this.root);
    const signature = JSON.stringify(data);
    if (signature === this.signature) return;
    this.signature = signature;
    const focused = this.stops().indexOf(document.activeElement);
    const [caption, columns, rows, empty, words, captioned] = data;
    this.kept = new Map();
    const table = this.table(caption, columns, rows, empty);
    this.made = this.kept;
    if (!captioned) table.querySelector("caption")?.classList.add("look-unseen");
    this.root.replaceChildren(words ? this.folded(words, table) : table);
    if (focused >= 0) this.stops()[focused]?.focus({ preventScroll: true });
    if (!this.shown) this.root.querySelector("[aria-expanded=true]")?.scrollIntoView({ block: "nearest" });
    this.shown = true;
  }

  // Where Tab stops, but for what is unfolded.
  stops() {
    return [...this.root.querySelectorAll(STOPS)];
  }

  folded(words, table) {
    const isOpen = this.root.querySelector(":scope > details")?.open ?? false;
    return attrs(el("details", "rg-folded", el("summary", "", words), table), { open: isOpen ? "" : null });
  }

  table(caption, columns, rows, empty) {
    const sorts = columns.some(([, , , , , sort]) => sort) ? " rg-sorts" : "";
    const table = attrs(el("table", `rg-table${sorts}`, el("caption", "", caption)), { role: "table" });
    if (rows.length === 0) return el("div", "", el("p", "rg-caption", caption), el("p", "rg-empty", empty));
    const head = attrs(el("thead"), { role: "rowgroup" });
    head.append(attrs(el("tr", "", ...columns.map((column) => this.head(column))), { role: "row" }));
    table.append(head, ...this.parts(rows, columns));
    return table;
  }

  // One body, or one a group: a heading of a group is a heading of its body.
  parts(rows, columns) {
    const bodies = [];
    for (const row of rows) {
      if (!Array.isArray(row) || bodies.length === 0) bodies.push(attrs(el("tbody"), { role: "rowgroup" }));
      bodies.at(-1).append(...(Array.isArray(row) ? this.rows(row, columns) : [this.group(row, columns.length)]));
    }
    return bodies;
  }

  group({ group, note, link: way }, columns) {
    const more = way === null ? null : link(way[0], way[1], "rg-link");
    const words = el("span", "rg-group", el("span", "rg-group-name", group),
      note ? el("span", "rg-group-note", note) : null, more);
    const head = attrs(el("th", "", words), { scope: "rowgroup", role: "rowheader", colspan: columns });
    return attrs(el("tr", "rg-group-row", head), { role: "row" });
  }

  head([label, kind, help, align, onPaper, sort]) {
    const shown = sort ? sorter(label, ...sort) : label;
    const cell = attrs(el("th", side(kind, align, onPaper), shown), { scope: "col", role: "columnheader" });
    if (sort) cell.setAttribute("aria-sort", sort[0]);
    if (help) cell.append(el("span", "rg-help", help));
    return cell;
  }

  // A row, and what is unfolded beneath it. A row that did not change keeps its elements.
  rows(row, columns) {
    const signature = JSON.stringify([row, columns]);
    const made = this.made.get(signature) ?? [this.row(row, columns), ...this.beneath(row[0], columns.length)];
    this.made.delete(signature);
    this.kept.set(signature, made);
    return made;
  }

  beneath(heading, width) {
    if (!Array.isArray(heading) || heading[0] !== "unfold" || heading[3] === null) return [];
    const [, , label, html, ways] = heading;
    const links = ways.map(([href, text]) => link(href, text, "rg-link"));
    const contents = el("div", "rg-beneath", ...copied(html), el("div", "rg-ways", ...links));
    attrs(contents, { role: "group", "aria-label": label });
    const cell = attrs(el("td", "rg-wide", contents), { role: "cell", colspan: width });
    return [attrs(el("tr", "rg-unfolded", cell), { role: "row" })];
  }

  // Roles are spelled out: as cards the rows are no table to CSS, and would be none to a screen reader.
  row(row, columns) {
    const cells = row.map((cell, at) => {
      const [label, kind, , align, onPaper] = columns[at];
      const contents = el("span", "rg-value", ...(kind === "email" && cell ? [parted(cell)] : draw(cell)));
      if (at === 0) return attrs(el("th", side(kind, align), contents), { scope: "row", role: "rowheader" });
      // Most tables have many of these: no element more than they need.
      if (cell === null) return attrs(el("td", `rg-void ${side(kind, align, onPaper)}`, "–"), { role: "cell" });
      const shown = attrs(el("span", "rg-label", label), { "aria-hidden": "true" });
      return attrs(el("td", side(kind, align, onPaper), shown, contents), { role: "cell" });
    });
    const isOpen = Array.isArray(row[0]) && row[0][0] === "unfold" && row[0][3] !== null;
    return attrs(el("tr", isOpen ? "rg-open" : "", ...cells), { role: "row" });
  }
}

// Sorts by going to the address that says so.
function sorter(label, order, href) {
  const button = attrs(el("button", "rg-sort", el("span", "", label), symbol(ARROWS[order])), { type: "button" });
  button.addEventListener("click", () => goTo(href));
  return button;
}

function side(kind, align, onPaper = true) {
  const where = (align ?? (RIGHT.has(kind) ? "right" : "left")) === "right" ? "rg-right" : "rg-left";
  const of = ["email", "date", "lines"].includes(kind) ? ` rg-${kind}` : "";
  return `${where}${of}${onPaper ? "" : " rg-control"}`;
}

export default function ({ data, parentElement, setTriggerValue }) {
  if (!data) return undefined;
  let view = views.get(parentElement);
  if (!view) {
    view = new Register(parentElement);
    views.set(parentElement, view);
  }
  view.act = (event) => setTriggerValue("event", event);
  view.turn += 1;
  const { turn } = view;
  view.show(data);
  // Streamlit may clean up after a call that a later one has overtaken: only the last may close the view.
  return () => {
    if (view.turn !== turn) return;
    view.root.remove();
    views.delete(parentElement);
  };
}
