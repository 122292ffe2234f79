// Shared by our components. Everything stored reaches the page as text (textContent), never as HTML.
// Comments stand on lines of their own: browser.py drops them before the file is sent.

const SVG = "http://www.w3.org/2000/svg";

// Runs once a page: the browser evaluates a module once.
// What all share comes once and first: after a component's own it would overrule that.
function adoptStyle(shared, own) {
  for (const text of [shared, own]) {
    if (document.adoptedStyleSheets.some((one) => one.written === text)) continue;
    const sheet = Object.assign(new CSSStyleSheet(), { written: text });
    sheet.replaceSync(text);
    document.adoptedStyleSheets.push(sheet);
  }
}

function el(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children.filter((child) => child !== null && child !== undefined).map(unbroken));
  return node;
}

// No line breaks between a figure and its sign; data/i18n/formats.py has the same.
const IN_FIGURE = /(?<=\d) (?=%|\/ \d)|(?<=\d \/) (?=\d)|(?<=[<>]) (?=\d+ %)/g;

function unbroken(text) {
  return typeof text === "string" ? text.replace(IN_FIGURE, "\u00a0") : text;
}

function attrs(node, values) {
  for (const [name, value] of Object.entries(values)) {
    if (value !== null && value !== undefined) node.setAttribute(name, value);
  }
  return node;
}

// Before the marks of an e-mail address, where it breaks rather than in a word.
const BREAKS = /(?=@)|(?=\.\S*@)|(?<=@\S*)(?=\.)/;

// A person's or a module's name: isolated, so that right-to-left marks in it cannot turn its neighbours.
function named(text, className) {
  const [first, ...rest] = text.includes("@") ? text.split(BREAKS) : [text];
  return el("bdi", className, first, ...rest.flatMap((part) => [el("wbr"), part]));
}

const drawn = new Map();

function symbol(look) {
  if (!drawn.has(look)) {
    const path = attrs(document.createElementNS(SVG, "path"), { d: look.symbol, "fill-rule": "evenodd" });
    const svg = attrs(document.createElementNS(SVG, "svg"), {
      viewBox: "0 0 12 12", "aria-hidden": "true", class: `look-symbol look-ink-${look.name}`,
    });
    svg.append(path);
    drawn.set(look, svg);
  }
  return drawn.get(look).cloneNode(true);
}

// How a column's rows stand, on the button in its head.
const ARROWS = {
  none: { name: "sortable", symbol: "M6 1 9 5H3zM6 11 3 7h6z" },
  ascending: { name: "sorted", symbol: "M6 2 11 9.5H1z" },
  descending: { name: "sorted", symbol: "M6 10 1 2.5h10z" },
};

const COUNTED = ["C", "I", "N", "X"];

// A bar of the buckets: completed, in progress, not started, other. It is decoration: the numbers stand beside it as
// text.
function bucketBar(...counted) {
  const bar = attrs(el("span", "look-bar"), { "aria-hidden": "true" });
  counted.forEach((count, at) => {
    if (count <= 0) return;
    const part = el("span", `look-part look-part-${LOOKS.statuses[COUNTED[at]].name}`);
    part.style.flexGrow = String(count);
    bar.append(part);
  });
  return bar;
}

// The counts, each with its symbol; the words are there for who cannot see the symbols.
function bucketCounts(...counted) {
  const counts = el("span", "look-counts");
  const shown = spokenOf(counted);
  shown.forEach((count, at) => {
    const look = LOOKS.statuses[COUNTED[at]];
    const words = el("span", "look-unseen", ` ${look.word.toLowerCase()}${at < shown.length - 1 ? ", " : ""}`);
    counts.append(el("span", "look-count", symbol(look), count.toLocaleString("en"), words));
  });
  return counts;
}

function bucketSentence(...counted) {
  return spokenOf(counted).map((count, at) => `${count} ${LOOKS.statuses[COUNTED[at]].word.toLowerCase()}`).join(", ");
}

// Statuses of the platform's own are spoken of only where there are any.
function spokenOf(counted) {
  return counted.filter((count, at) => count > 0 || COUNTED[at] !== "X");
}

// A link within the dashboard. A plain click changes the address as the browser's own Back does, which
// Streamlit answers with one run of the page asked for; loading the address anew would lose the session, and
// by way of a trigger the page being left would run first (measured: 409 against 139 ms to open a student).
// A middle click or one with Ctrl opens a tab, as with any link.
function link(href, text, className) {
  const anchor = attrs(el("a", className, named(text)), { href });
  anchor.addEventListener("click", (event) => {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    goTo(href);
  });
  return anchor;
}

function goTo(href) {
  history.pushState({}, "", href);
  dispatchEvent(new PopStateEvent("popstate", { state: {} }));
}

// `light-dark()` follows color-scheme. Streamlit sets it on the app but not on what floats above it
// (a dialog), so each component takes it from the background that the theme names.
const pen = document.createElement("canvas").getContext("2d");

function followTheme(root) {
  pen.fillStyle = getComputedStyle(root).getPropertyValue("--st-background-color").trim() || "white";
  // The canvas gives back any opaque colour as #rrggbb.
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(pen.fillStyle.slice(at, at + 2), 16));
  root.dataset.look = 0.299 * red + 0.587 * green + 0.114 * blue < 128 ? "dark" : "light";
  root.style.colorScheme = root.dataset.look;
}

// How wide the widest of some texts is drawn, in pixels. Only the longest few are worth measuring.
function widest(texts, font) {
  const long = [...texts].sort((a, b) => b.length - a.length).slice(0, 24);
  pen.font = font;
  return Math.ceil(long.reduce((most, text) => Math.max(most, pen.measureText(text.slice(0, 80)).width), 0));
}

const mounted = new WeakMap();

// What a component exports: its view is made once a place, and shows the data of every rerun; `act` tells the page
// what somebody did there.
function mounting(View, trigger = "event") {
  return ({ data, key, parentElement, setTriggerValue }) => {
    if (!data) return undefined;
    const view = mounted.get(parentElement) ?? new View(parentElement);
    mounted.set(parentElement, view);
    const call = (view.call ?? 0) + 1;
    Object.assign(view, { key, call, act: (event) => setTriggerValue(trigger, event) });
    view.show(data);
    // Streamlit may clean up after a call that a later one has overtaken: only the last may close the view.
    return () => {
      if (view.call !== call || !view.close) return;
      view.close();
      mounted.delete(parentElement);
    };
  };
}
