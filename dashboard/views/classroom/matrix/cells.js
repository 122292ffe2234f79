// One cell of the grid each: elements with their roles, filled in place so that a change keeps the focus.

function studentCell(view, student, column) {
  if (column.kind === "name") return nameCell(view, student);
  // Of a grid that is typed in; that it is not else, the grid says for all.
  const isFixed = view.model.canEdit && (column.kind !== "module" || cellText(student, column.module) === "");
  const cell = attrs(el("td", ""), { role: "gridcell", tabindex: "-1", "aria-readonly": isFixed ? "true" : null });
  return fillStudentCell(view, cell, student, column);
}

function nameCell(view, student) {
  const cell = attrs(el("th", "mx-name"), { role: "rowheader", scope: "row" });
  const anchor = link(`student?student=${encodeURIComponent(student.id)}`, student.plain, "mx-name-link");
  if (student.beside) {
    anchor.classList.add("mx-name-two");
    anchor.append(" ", el("bdi", "mx-beside", student.beside));
  }
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
    const averages = el("span", "mx-average", averagesOf(view.model, student).join(" · "));
    return fillWith(cell, bucketCounts(...countsOf(student)), averages);
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
  if (view.entry.holds(cell)) return cell;
  const read = readCell(cellText(student, module));
  cell.className = `mx-cell mx-${read.state}`;
  cell.setAttribute("aria-label", sentence(student, module, read));
  view.picking.paint(cell, student, module);
  paintShown(view, cell, student, module);
  cell.textContent = view.model.compact ? "" : read.state === "problem" ? "?" : figure(read, module);
  showMarks(cell, read);
  view.unsaved.paint(cell, { student, module });
  return cell;
}

// What needs somebody stands where else the status does. Behind the figure are at most two symbols (on paper all), the
// tooltip and the sentence name all. Symbols are background images (symbols.js): thousands of SVG elements would be most
// of the cost of scrolling.
function showMarks(cell, read, most = 2) {
  const need = read.state === "problem" ? undefined : needOf(read);
  if (need) cell.classList.add("mx-need");
  const seen = need ?? LOOKS.statuses[read.state] ?? (read.state === "problem" ? LOOKS.marks.p : null);
  if (seen) cell.classList.add(`mx-look-${seen.name}`);
  if (read.marks === "" || read.state === "problem") return cell;
  const looks = besides(read).slice(0, most);
  cell.append(el("span", "mx-marks", ...looks.map((look) => el("i", `mx-mark mx-look-${look.name}`))));
  return cell;
}

function totalCell(view, column) {
  const { model } = view;
  const [tag, role] = column.kind === "name" ? ["th", "rowheader"] : ["td", "gridcell"];
  const cell = attrs(el(tag, `mx-total mx-total-${column.kind}`), { role, tabindex: "-1", "aria-readonly": "true" });
  if (column.kind === "name") return fillWith(cell, ...totalTitle(model));
  if (column.kind === "why") return fillWith(cell, several(model.students.filter(({ why }) => why).length, "student"));
  if (column.kind === "last") return fillWith(cell, el("span", "look-unseen", "No total"));
  if (column.kind === "module") return moduleTotal(model, column.module, cell);
  const all = sumOf(model.students);
  if (column.kind === "sum") return fillWith(cell, bucketCounts(...countsOf(all)));
  return fillWith(cell, bucketBar(...countsOf(all)), el("span", "", ofTotal(all)));
}

function totalTitle({ compact, students }) {
  const many = several(students.length, "student");
  return compact ? [`Average, ${many}`] : [`Total, ${many}`, el("span", "mx-average", "Average")];
}

// How many are where is in the head of a compact column; the average, which is known a little later, in both.
function moduleTotal(model, module, cell) {
  const average = model.averages?.get(module.id);
  const said = average ? `; ${averageWords(average, module)}` : "";
  attrs(cell, { "aria-label": `${module.name}: ${bucketSentence(...countsOf(module))}${said}` });
  const shown = el("span", "mx-average", average ? averageFigure(average, module) : "");
  return fillWith(cell, ...(model.compact ? [] : [bucketCounts(...countsOf(module))]), shown);
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
