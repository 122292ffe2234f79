// One cell of the grid each: elements with their roles, filled in place so that a change keeps the focus.

// "none", "ascending" or "descending": how the server says that the rows are sorted by this key.
function sorting(sort, by) {
  if (sort === by) return "ascending";
  return sort === `-${by}` ? "descending" : "none";
}

// Names begin at A; figures begin with the highest, and a second click turns the order round.
function nextSort(sort, by) {
  const first = by === "name" ? by : `-${by}`;
  return sort === first ? (first === by ? `-${by}` : by) : first;
}

function sortButton(view, by, shown, words) {
  const button = attrs(el("button", "mx-sort", ...shown), { type: "button", tabindex: "-1", "aria-label": words });
  button.append(symbol(ARROWS[sorting(view.model.sort, by)]));
  button.addEventListener("click", () => view.act({ kind: "sort", by: nextSort(view.model.sort, by) }));
  return button;
}

// What the lead columns are sorted by, and their titles.
const LEAD_HEADS = {
  name: ["name", "Student"], why: ["attention", "Why", "urgency"],
  done: ["completion", "Completed"], last: ["activity", "Last activity"],
};

function headCell(view, column) {
  const { sort } = view.model;
  const cell = attrs(el("th", `mx-head mx-head-${column.kind}`), { role: "columnheader", scope: "col" });
  if (column.kind === "sum") return fillWith(cell, el("span", "mx-head-text", "Totals"));
  if (column.kind === "module") return moduleHead(view, column, cell);
  const [by, title, order = title.toLowerCase()] = LEAD_HEADS[column.kind];
  cell.append(sortButton(view, by, [el("span", "", title)], `Sort by ${order}`));
  return attrs(cell, { "aria-sort": sorting(sort, by), "aria-label": title });
}

function moduleHead(view, column, cell) {
  const { module } = column;
  const { sort, moduleHref } = view.model;
  const name = attrs(link(moduleHref + encodeURIComponent(module.id), module.name, "mx-head-link"), { tabindex: "-1" });
  const by = `module:${module.id}`;
  cell.append(el("span", "mx-head-text", el("span", "mx-type", module.type), name));
  cell.append(bucketBar(...countsOf(module)));
  const completed = share(module.completed, total(module));
  const words = `${completed} completed, sort by ${module.name}`;
  cell.append(sortButton(view, by, [el("span", "", completed)], words));
  const pinned = module.pinned ? ", pinned" : "";
  return attrs(cell, {
    "aria-sort": sorting(sort, by),
    "aria-label": `${module.name}, ${module.type}, ${ofTotal(module)} completed${pinned}`,
  });
}

function studentCell(view, student, column) {
  if (column.kind === "name") return nameCell(view, student);
  const cell = attrs(el("td", ""), { role: "gridcell", tabindex: "-1" });
  return fillStudentCell(view, cell, student, column);
}

function nameCell(view, student) {
  const cell = attrs(el("th", "mx-name"), { role: "rowheader", scope: "row" });
  const anchor = link(`student?student=${encodeURIComponent(student.id)}`, student.plain, "mx-name-link");
  if (student.beside) anchor.append(" ", named(student.beside, "mx-beside"));
  cell.append(attrs(anchor, { tabindex: "-1" }));
  return cell;
}

function fillStudentCell(view, cell, student, column) {
  if (column.kind === "module") return fillModuleCell(view, cell, student, column.module);
  if (column.kind === "done") {
    cell.className = "mx-done";
    attrs(cell, { "aria-label": `${student.name}: ${ofTotal(student)} completed` });
    return fillWith(cell, bucketBar(...countsOf(student)), el("span", "", ofTotal(student)));
  }
  if (column.kind === "sum") {
    cell.className = "mx-sum";
    return fillWith(cell, bucketCounts(...countsOf(student)));
  }
  if (column.kind === "why") {
    cell.className = "mx-why";
    attrs(cell, { "aria-label": `${student.name}: ${reasonsOf(student).join(", ") || "needs no attention"}` });
    return fillWith(cell, ...firstReasons(student).map((reason) => el("span", "", reason)));
  }
  cell.className = "mx-last";
  attrs(cell, { "aria-label": `${student.name}: ${lastWords(student)}` });
  return fillWith(cell, student.last ?? "–");
}

function fillModuleCell(view, cell, student, module) {
  const read = readCell(cellText(student, module));
  cell.className = `mx-cell mx-${read.state}`;
  cell.setAttribute("aria-label", sentence(student, module, read));
  view.picking.paint(cell, student, module);
  cell.textContent = read.state === "problem" ? "?" : figure(read, module);
  return showMarks(cell, read);
}

// What needs somebody stands where else the status does. Behind the figure are at most two symbols (on paper all), the
// tooltip and the sentence name all. In the grid symbols are background images: thousands of SVG elements would be most
// of the cost of scrolling.
function showMarks(cell, read, most = 2) {
  const need = read.state === "problem" ? undefined : needOf(read);
  cell.classList.toggle("mx-need", Boolean(need));
  cell.style.backgroundImage = need ? `var(--look-${need.name}-image)` : "";
  if (read.marks === "" || read.state === "problem") return cell;
  const looks = besides(read).slice(0, most);
  cell.append(el("span", "mx-marks", ...looks.map((look) => el("i", `mx-mark mx-mark-${look.name}`))));
  return cell;
}

function totalCell(view, column) {
  const { model } = view;
  const all = sumOf(model.students);
  const [tag, role] = column.kind === "name" ? ["th", "rowheader"] : ["td", "gridcell"];
  const cell = attrs(el(tag, `mx-total mx-total-${column.kind}`), { role, tabindex: "-1" });
  if (column.kind === "name") return fillWith(cell, `Total, ${several(model.students.length, "student")}`);
  if (column.kind === "why") return fillWith(cell, several(model.students.filter(({ why }) => why).length, "student"));
  if (column.kind === "last") return fillWith(cell, el("span", "look-unseen", "No total"));
  if (column.kind === "done") return fillWith(cell, bucketBar(...countsOf(all)), el("span", "", ofTotal(all)));
  const counted = column.kind === "sum" ? all : column.module;
  const where = column.kind === "sum" ? "All modules" : column.module.name;
  attrs(cell, { "aria-label": `${where}: ${bucketSentence(...countsOf(counted))}` });
  return fillWith(cell, bucketCounts(...countsOf(counted)));
}

function groupCell(row, columns) {
  const text = `${row.group} · ${several(row.count, "student")}`;
  const cell = attrs(el("th", "mx-group", el("span", "mx-group-text", named(text))), {
    role: "rowheader", tabindex: "-1", "aria-colspan": columns, "aria-colindex": 1,
  });
  return cell;
}

function fillWith(cell, ...contents) {
  cell.replaceChildren(...contents);
  return cell;
}
