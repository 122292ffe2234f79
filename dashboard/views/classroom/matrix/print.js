// On paper: plain tables with every row, a slice of the modules each, the head repeated on every page.

const MOST = 10;

const PAPER_HEADS = [["Student", "name"], ["Completed", "done"], ["Last activity", "last"]];

class Paper {
  constructor(view) {
    this.view = view;
    this.box = el("div", "mx-print");
    this.media = matchMedia("print");
    this.before = () => this.lay();
    this.after = () => this.box.replaceChildren();
    this.turned = ({ matches }) => (matches ? this.lay() : this.after());
    addEventListener("beforeprint", this.before);
    addEventListener("afterprint", this.after);
    this.media.addEventListener("change", this.turned);
  }

  close() {
    removeEventListener("beforeprint", this.before);
    removeEventListener("afterprint", this.after);
    this.media.removeEventListener("change", this.turned);
  }

  lay() {
    const { columns } = this.view.model;
    const slice = Math.ceil(columns.length / Math.ceil(columns.length / MOST)) || 1;
    const tables = [];
    for (let from = 0; from < Math.max(1, columns.length); from += slice) {
      tables.push(this.table(columns.slice(from, from + slice), from));
    }
    this.box.replaceChildren(...tables, legend(this.view.model));
  }

  table(modules, from) {
    const { model } = this.view;
    const all = model.columns.length;
    const part = modules.length < all ? `, modules ${from + 1} to ${from + modules.length} of ${all}` : "";
    return el("table", "mx-paper", el("caption", "", `${model.label}${part}`),
      el("thead", "", el("tr", "", ...PAPER_HEADS.map(paperHead), ...modules.map(paperModule))),
      el("tbody", "", ...model.rows.map((row) => this.row(row, modules, from === 0)), this.totals(modules)));
  }

  row(row, modules, withWhy) {
    if (!row.student) {
      return el("tr", "mx-paper-group", attrs(el("th", "", named(row.group)), { colspan: PAPER_HEADS.length + modules.length }));
    }
    const { student } = row;
    const why = withWhy && student.why ? el("span", "mx-paper-why", student.why) : null;
    return el("tr", "", attrs(el("th", "", named(student.name), why), { scope: "row" }),
      el("td", "mx-paper-number", ofTotal(student)), el("td", "mx-paper-number mx-paper-last", student.last ?? "–"),
      ...modules.map((module) => paperCell(readCell(cellText(student, module)), module)));
  }

  totals(modules) {
    const { students } = this.view.model;
    return el("tr", "mx-paper-total", el("th", "", `Total, ${students.length}`),
      el("td", "mx-paper-number", ofTotal(sumOf(students))), el("td"),
      ...modules.map((module) => el("td", "mx-paper-cell mx-paper-sum", bucketCounts(...countsOf(module)))));
  }
}

// Like a cell of the grid; a table of 25,000 with elements for symbols takes a browser a minute to lay out.
function paperCell(read, module) {
  const cell = el("td", `mx-paper-cell mx-paper-${read.state}`, read.state === "problem" ? "?" : figure(read, module));
  return showMarks(cell, read, 5);
}

function paperHead([text, kind]) {
  return attrs(el("th", `mx-paper-${kind}`, text), { scope: "col" });
}

function paperModule(module) {
  return attrs(el("th", "mx-paper-module", el("span", "mx-paper-upright", named(module.name))), { scope: "col" });
}

// Symbols and words: the statuses always, a mark only where one is in the table.
function legend(model) {
  // Without the words of a platform's own statuses.
  const cells = model.students.map((student) => student.cells.replace(/\{[^}]*\}/g, ""));
  const seen = (mark) => cells.some((each) => each.includes(mark));
  const letters = ["C", "I", "N", ...["X"].filter(seen)];
  const looks = [...letters.map((letter) => LOOKS.statuses[letter]),
    ...Object.keys(LOOKS.marks).filter(seen).map((mark) => LOOKS.marks[mark])];
  const words = (look) => (look.name === "stuck" ? `${look.word} after ${model.stuckAfter} attempts` : look.word);
  const shown = looks.map((look) => el("span", "look-count", symbol(look), words(look)));
  const { word } = LOOKS.statuses[model.outlined] ?? {};
  return el("p", "mx-legend", ...shown, word ? el("span", "", `Outlined: ${word.toLowerCase()}`) : null);
}
