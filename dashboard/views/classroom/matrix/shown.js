// The cell whose panel is open (cell_panel.js): marked, in view, and where the keyboard comes back to.

function cellShown() {
  const [student, module] = (document.documentElement.dataset.cell ?? "").split("~");
  return module ? { student, module } : null;
}

function paintShown({ shown }, node, student, module) {
  const isShown = shown?.student === student.id && shown.module === module.id;
  node.classList.toggle("mx-shown", isShown);
  if (isShown) node.setAttribute("aria-current", "true");
  else node.removeAttribute("aria-current");
}

function followShown(view) {
  const before = view.shown, at = document.activeElement, { grid, narrow } = view;
  view.shown = cellShown();
  if (!view.model) return;
  const cells = narrow ? cellsOfList(view) : cellsOfGrid(view);
  for (const [node, student, module] of cells) paintShown(view, node, student, module);
  if (view.shown && !narrow) return goToShown(grid, view.shown, grid.table.contains(at));
  // The panel is closed, and nobody has gone elsewhere meanwhile.
  if (view.shown || !before || !(at === document.body || at.closest(".st-key-cell_panel"))) return;
  if (!narrow) return goToShown(grid, before, true);
  cells.find(([, student, module]) => student.id === before.student && module.id === before.module)?.[0].focus();
}

// [node, student, module] of each cell that is drawn.
function cellsOfGrid({ grid, model }) {
  return [...grid.lines.values()].flatMap(({ r, cells }) => {
    const student = model.rows[r]?.student;
    const found = [...(student ? cells : [])].map(([c, cell]) => [cell, student, grid.columns[c].module]);
    return found.filter(([, , module]) => module);
  });
}

function cellsOfList({ list }) {
  return [...list.box.querySelectorAll("[data-module]")].map((node) =>
    [node, { id: node.closest("[data-student]").dataset.student }, { id: node.dataset.module }]);
}

function goToShown(grid, one, isFocused) {
  const at = placeOfIds(grid, one);
  if (!at) return;
  grid.at = at;
  reveal(grid);
  grid.repaint();
  if (isFocused) grid.stop?.focus({ preventScroll: true });
  grid.stop?.scrollIntoView({ block: "nearest", inline: "nearest" });
}
