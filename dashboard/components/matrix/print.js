// On paper: plain tables with every row, a slice of the modules each, the head repeated on every page.

const MOST = 14;

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
    const part = modules.length < model.columns.length ? `, modules ${from + 1} to ${from + modules.length} of ${model.columns.length}` : "";
    return el("table", "mx-paper", el("caption", "", `${model.label}${part}`),
      el("thead", "", el("tr", "", ...PAPER_HEADS.map(paperHead), ...modules.map(paperModule))),
      el("tbody", "", ...model.rows.map((row) => this.row(row, modules)), this.totals(modules)));
  }

  row(row, modules) {
    if (!row.student) return el("tr", "mx-paper-group", attrs(el("th", "", named(row.group)), { colspan: LEAD + modules.length }));
    const { student } = row;
    return el("tr", "", attrs(el("th", "", named(student.name)), { scope: "row" }),
      el("td", "mx-paper-number", ofTotal(student)), el("td", "mx-paper-number", student.last ?? "–"),
      ...modules.map((module) => {
        const read = readCell(cellText(student, module));
        return el("td", `mx-paper-cell mx-paper-${read.state}`, el("span", "mx-paper-line", ...paperContents(read, module)));
      }));
  }

  totals(modules) {
    const { students } = this.view.model;
    return el("tr", "mx-paper-total", el("th", "", `Total, ${students.length}`),
      el("td", "mx-paper-number", ofTotal(sumOf(students))), el("td"),
      ...modules.map((module) => el("td", "mx-paper-cell", bucketCounts(module.completed, module.inProgress, module.notStarted))));
  }
}

function paperContents(read, module) {
  if (read.state === "none") return [];
  if (read.state === "problem") return [symbol(LOOKS.marks.p), "?"];
  return [symbol(LOOKS.statuses[read.state]), figure(read, module), ...[...read.marks].map((mark) => symbol(LOOKS.marks[mark]))];
}

function paperHead([text, kind]) {
  return attrs(el("th", `mx-paper-${kind}`, text), { scope: "col" });
}

function paperModule(module) {
  return attrs(el("th", "mx-paper-module", el("span", "mx-paper-upright", named(module.name))), { scope: "col" });
}

// Symbols and words: the statuses always, a mark only where one is in the table.
function legend(model) {
  const seen = new Set();
  for (const student of model.students) for (const mark of student.cells) if (mark in LOOKS.marks) seen.add(mark);
  const looks = [...["C", "I", "N"].map((letter) => LOOKS.statuses[letter]),
    ...Object.keys(LOOKS.marks).filter((mark) => seen.has(mark)).map((mark) => LOOKS.marks[mark])];
  return el("p", "mx-legend", ...looks.map((look) => el("span", "look-count", symbol(look), look.word)));
}
