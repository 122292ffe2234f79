// Copying and pasting, as a spreadsheet does it: a cell or the block as lines and tabs, in words that can be typed.

function listenToClipboard(grid) {
  grid.onCopy = (event) => copyFrom(grid, event);
  grid.onPaste = (event) => pasteInto(grid, event);
  document.addEventListener("copy", grid.onCopy);
  document.addEventListener("paste", grid.onPaste);
}

function leaveClipboard(grid) {
  document.removeEventListener("copy", grid.onCopy);
  document.removeEventListener("paste", grid.onPaste);
}

// Is the keyboard on a cell, and no text marked that somebody means?
function isOnCell(grid) {
  const isIn = grid.table.contains(document.activeElement) && !grid.view.entry.open;
  return isIn && getSelection().isCollapsed && cellAt(grid, grid.at) !== null;
}

// The students and modules of the selection that the focused cell is in, in the order shown, or else of that cell.
function chosen(grid) {
  const { picking, model } = grid.view;
  const { student, module } = cellAt(grid, grid.at);
  if (!picking.has(student.id, module.id)) return { students: [student], modules: [module] };
  const students = model.students.filter(({ id }) => picking.students.has(id));
  return { students, modules: model.columns.filter(({ id }) => picking.modules.has(id)) };
}

function copyFrom(grid, event) {
  if (!isOnCell(grid)) return;
  const { students, modules } = chosen(grid);
  const lines = students.map((student) =>
    modules.map((module) => wordsOf(readCell(cellText(student, module)), module)).join("\t"));
  event.clipboardData.setData("text/plain", lines.join("\n"));
  event.preventDefault();
  grid.view.say.textContent = `${several(students.length * modules.length, "cell")} copied`;
}

// "Completed", "In progress 40 %", "Completed 85.5": what typing reads, in words for who pastes it elsewhere.
function wordsOf(cell, module) {
  const { word } = LOOKS.statuses[cell.state] ?? {};
  if (!word || cell.state === "X") return "";
  const typed = typedOf(cell, module).slice(1).trim();
  return [word, typed === "" || typed.endsWith("%") || module.scored ? typed : `${typed} %`].join(" ").trim();
}

function pasteInto(grid, event) {
  const { view, view: { entry, unsaved } } = grid;
  if (!isOnCell(grid) || !entry.canType) return;
  event.preventDefault();
  const texts = tableOf(event.clipboardData.getData("text/plain"));
  if (texts.every((line) => line.every((text) => text === ""))) return;
  const isOne = texts.length === 1 && texts[0].length === 1;
  const at = chosen(grid);
  if (isOne && at.students.length * at.modules.length === 1) {
    const [student, module] = [at.students[0], at.modules[0]];
    if (cellText(student, module) === "") return;
    unsaved.send("save", { ...idsOf({ student, module }), seen: cellText(student, module), text: texts[0][0] });
    return;
  }
  const { model } = view;
  const down = isOne ? at.students : model.students.slice(model.students.indexOf(at.students[0])).slice(0, texts.length);
  const right = isOne ? at.modules : model.columns.slice(model.columns.indexOf(at.modules[0])).slice(0, texts[0].length);
  const fitting = isOne ? texts : texts.slice(0, down.length).map((line) => line.slice(0, right.length));
  setMany(view, down.map(({ id }) => id), right.map(({ id }) => id), fitting);
}

// Lines of cells, all of the same number.
function tableOf(text) {
  const lines = text.replace(/\r?\n$/, "").split(/\r?\n/).map((line) => line.split("\t").map((one) => one.trim().slice(0, 80)));
  const wide = Math.max(...lines.map((line) => line.length));
  return lines.map((line) => [...line, ...Array(wide - line.length).fill("")]);
}
