// The register: a plain table with a caption, row headings and a few kinds of cells.

const RIGHT = new Set(["number", "date"]);

const STOPS = ".rg-sort, .rg-value > a, .rg-value > button, .rg-value > input, .rg-line > a, .rg-group > a";

class Register {
  constructor(host) {
    this.root = el("div", "rg look");
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
    const [caption, columns, rows, empty, words, captioned, isForPhones] = data;
    this.kept = new Map();
    const table = this.table(caption, columns, rows, empty, captioned ? "" : " look-unseen");
    this.made = this.kept;
    this.root.replaceChildren(words ? this.folded(words, table, isForPhones) : table);
    if (focused >= 0) this.stops()[focused]?.focus({ preventScroll: true });
    if (!this.shown) this.root.querySelector("[aria-expanded=true]")?.scrollIntoView({ block: "nearest" });
    this.shown = true;
  }

  close() {
    this.root.remove();
  }

  // Where Tab stops, but for what is unfolded.
  stops() {
    return [...this.root.querySelectorAll(STOPS)];
  }

  folded(words, table, isForPhones) {
    const isOpen = this.root.querySelector(":scope > details")?.open ?? false;
    const look = isForPhones ? "rg-folded rg-folded-narrow" : "rg-folded";
    return attrs(el("details", look, el("summary", "", words), table), { open: isOpen ? "" : null });
  }

  table(caption, columns, rows, empty, unseen) {
    const sorts = columns.some(([, , , , , sort]) => sort) ? " rg-sorts" : "";
    const table = attrs(el("table", `rg-table${sorts}`, el("caption", unseen, caption)), { role: "table" });
    if (rows.length === 0) return el("div", "", el("p", `rg-caption${unseen}`, caption), el("p", "rg-empty", empty));
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
      const contents = el("span", "rg-value", ...draw(cell));
      if (at === 0) return attrs(el("th", side(kind, align), contents), { scope: "row", role: "rowheader" });
      // Most tables have many of these: no element more than they need.
      if (cell === null) return attrs(el("td", `rg-void ${side(kind, align, onPaper)}`, "–"), { role: "cell" });
      if (cell === "") return attrs(el("td", `rg-none ${side(kind, align, onPaper)}`), { role: "cell" });
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
  const of = ["email", "date", "lines", "links"].includes(kind) ? ` rg-${kind}` : "";
  return `${where}${of}${onPaper ? "" : " rg-control"}`;
}

export default mounting(Register);
