// The kinds of cells of a table, each drawn as elements.

const STATUS_LETTERS = { NotStarted: "N", InProgress: "I", Completed: "C" };

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
  buckets: (counts, text, mark, note) => {
    const bar = mark === null ? bucketBar(...counts) : marked(bucketBar(...counts), mark);
    const beside = text ? el("span", "rg-bar", bar, el("span", "", text)) : bar;
    const drawn = el("span", "rg-buckets", beside, bucketCounts(...counts));
    return note ? [drawn, el("span", "rg-line rg-note", note)] : [drawn];
  },
  status: (status, marks) => [el("span", "rg-status", chip(status), ...markChips(marks))],
  spark: (values, sentence) => [spark(values), el("span", "look-unseen", sentence)],
  strip: (...values) => [strip(...values)],
  link: (href, label) => [link(href, label, "rg-link")],
  links: (ways, rest, beside) => {
    const lines = [...ways.map(way), ...(rest ? [el("span", "rg-line", rest)] : [])];
    return beside ? [el("span", "rg-beside", ...lines)] : lines;
  },
  unfold: (href, label, beneath) => [unfolder(href, label, beneath !== null)],
  tick: (name, label, isOn) => [tick(name, label, isOn)],
  lines: (...lines) => lines.map((line) => el("span", "rg-line", named(line))),
};

// A bar with a thin line across it; the words below say where that is.
function marked(bar, at) {
  const line = attrs(el("span", "rg-mark"), { "aria-hidden": "true" });
  line.style.left = `${100 * at}%`;
  return el("span", "rg-track", bar, line);
}

// A link on a line of its own; one that leaves the dashboard (to write a mail) is the browser's own. Its words are
// ours: from left to right, whatever name they begin with.
function way([href, label, need]) {
  const leaves = href.startsWith("mailto:");
  const to = leaves ? attrs(el("a", "rg-link", named(label)), { href }) : link(href, label, "rg-link");
  to.firstChild.dir = "ltr";
  if (need === null) return el("span", "rg-line", to);
  const look = LOOKS.needs[need];
  return el("span", "rg-line rg-need", symbol(look), to);
}

function chip(status) {
  const look = LOOKS.statuses[STATUS_LETTERS[status]];
  if (!look) return el("span", "rg-chip look-ink-other", symbol(LOOKS.statuses.X), named(status));
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
  const within = (at) => Math.min(100, Math.max(0, at));
  const box = half ? `M${x(within(half[0]))} 6H${x(within(half[1]))}V18H${x(within(half[0]))}Z` : "";
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
