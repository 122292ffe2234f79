// Hands on the grid: keyboard and pointer.

function listenToGrid(grid) {
  const { table, view } = grid;
  table.addEventListener("keydown", (event) => keyOnGrid(grid, event));
  table.addEventListener("keyup", (event) => event.key === "Shift" && view.picking.report(0));
  table.addEventListener("focusin", (event) => focusOnGrid(grid, event.target));
  table.addEventListener("focusout", () => view.tip.leave());
  table.addEventListener("pointerover", (event) => event.pointerType !== "touch" && offerTip(grid, event.target, 350));
  table.addEventListener("pointerleave", () => view.tip.leave());
  table.addEventListener("mousedown", (event) => event.shiftKey && event.preventDefault());
  table.addEventListener("click", (event) => clickOnGrid(grid, event));
  listenToClipboard(grid);
}

// {r, c} of the element that something happened to.
function placeOf(node) {
  const cell = node.closest("th, td");
  const row = cell?.closest("tr");
  if (!row) return null;
  const r = Number(row.getAttribute("aria-rowindex")) - 2;
  return { cell, r: r < 0 && node.closest(BESIDE_SORTING) ? -2 : r, c: Number(cell.getAttribute("aria-colindex")) - 1 };
}

// The student and module of a place, where it has both.
function cellAt(grid, { r, c }) {
  const student = grid.view.model.rows[r]?.student;
  const module = grid.columns[c]?.module;
  return student && module ? { student, module } : null;
}

function focusOnGrid(grid, node) {
  const place = placeOf(node);
  if (!place) return;
  grid.at = { r: place.r, c: place.c };
  grid.syncStop();
  // Whoever types reads what became of it beside the cell before.
  const { entry, unsaved } = grid.view;
  const found = cellAt(grid, grid.at);
  if (entry.open || !node.matches(":focus-visible")) return;
  if (found && unsaved.isStuck(found)) unsaved.showAgain(found);
  else if (!unsaved.note.shown) offerTip(grid, node, 150);
}

function clickOnGrid(grid, event) {
  const place = placeOf(event.target);
  const found = place && cellAt(grid, place);
  if (!found || grid.view.entry.holds(place.cell)) return;
  const { picking } = grid.view;
  if (event.shiftKey) {
    picking.to(found);
    picking.report(200);
    moveTo(grid, place.r, place.c);
    return;
  }
  openCell(grid, found);
}

// Opens the cell's panel, unless the student is not in the module: there is nothing to see then.
function openCell(grid, { student, module }) {
  grid.view.picking.from({ student, module });
  if (cellText(student, module) === "") return;
  grid.view.tip.hide();
  grid.view.act({ kind: "open", student: student.id, module: module.id });
}

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

function keyOnGrid(grid, event) {
  if (grid.view.entry.key(event, cellAt(grid, grid.at))) return;
  if (event.key === "Escape") return escapeOnGrid(grid, event);
  if (event.altKey || event.metaKey) return;
  const found = cellAt(grid, grid.at);
  if (found && (event.key === "Enter" || event.key === " ")) {
    event.preventDefault();
    openCell(grid, found);
    return;
  }
  const goal = goalOf(grid, event);
  if (!goal) return;
  event.preventDefault();
  if (event.shiftKey && found) return extendTo(grid, found, goal);
  moveTo(grid, goal.r, goal.c);
  const reached = cellAt(grid, grid.at);
  if (reached) grid.view.picking.from(reached);
}

// Escape first hides the tooltip, then drops the selection; else it is left to the page.
function escapeOnGrid(grid, event) {
  const { tip, picking } = grid.view;
  if (!tip.shown && !picking.any) return;
  event.preventDefault();
  event.stopPropagation();
  if (tip.shown) tip.hide();
  else picking.clear();
}

function goalOf(grid, event) {
  const { r, c } = grid.at;
  const last = grid.view.model.rows.length;
  const page = Math.max(1, Math.floor((grid.box.clientHeight - grid.headHeight - grid.footHeight) / grid.rowHeight) - 1);
  const step = STEPS[event.key];
  if (step && !event.ctrlKey) return { r: r + step[0], c: c + step[1] };
  switch (event.key) {
    case "Home": return { r: event.ctrlKey ? 0 : r, c: 0 };
    case "End": return { r: event.ctrlKey ? last - 1 : r, c: grid.columns.length - 1 };
    case "PageUp": return { r: r < 0 ? r : Math.max(0, r - page), c };
    case "PageDown": return { r: Math.min(last - 1, Math.max(0, r) + page), c };
    default: return null;
  }
}

// A block's corner moves over students and modules only, and skips group headings.
function extendTo(grid, found, goal) {
  const { rows } = grid.view.model;
  const down = goal.r >= grid.at.r ? 1 : -1;
  let r = Math.min(Math.max(goal.r, 0), rows.length - 1);
  while (rows[r] && !rows[r].student) r += down;
  if (!rows[r]) r = grid.at.r;
  const { leads, columns } = grid.view.model;
  const c = Math.min(Math.max(goal.c, leads.length), leads.length + columns.length - 1);
  const { picking } = grid.view;
  if (!picking.anchor) picking.from(found);
  moveTo(grid, r, c);
  picking.to(cellAt(grid, grid.at));
  picking.report(500);
}

function moveTo(grid, r, c) {
  const last = grid.view.model.rows.length;
  grid.at = {
    r: Math.min(Math.max(r, -2), last),
    c: Math.min(Math.max(c, 0), grid.columns.length - 1),
  };
  // Most columns have one stop in the head.
  if (grid.at.r === -2 && !["module", "name"].includes(grid.columns[grid.at.c].kind)) grid.at.r = -1;
  reveal(grid);
  grid.repaint();
  grid.stop?.focus({ preventScroll: true });
}

// Scroll the box, never the page, so that the cell is clear of the sticky head, foot and columns.
function reveal(grid) {
  const { box, at, rowHeight } = grid;
  const height = box.clientHeight - grid.headHeight - grid.footHeight;
  if (at.r >= 0 && at.r < grid.view.model.rows.length) {
    const top = at.r * rowHeight;
    if (top < box.scrollTop) box.scrollTop = top;
    else if (top + rowHeight > box.scrollTop + height) box.scrollTop = top + rowHeight - height;
  }
  const column = grid.columns[at.c];
  if (column.stuck !== null || grid.view.model.rows[at.r]?.group !== undefined) return;
  if (column.left < box.scrollLeft + grid.stuckWidth) box.scrollLeft = column.left - grid.stuckWidth;
  else if (column.left + column.width > box.scrollLeft + box.clientWidth) {
    box.scrollLeft = column.left + column.width - box.clientWidth;
  }
}

function offerTip(grid, node, wait) {
  const place = placeOf(node);
  // Asked again when it is shown: what it tells may have changed while it waited.
  if (place && tipFor(grid, place)) grid.view.tip.offer(place.cell, () => tipFor(grid, place)(), wait);
  else grid.view.tip.leave();
}

// After a change: a tooltip that is open tells what its cell tells.
function renewTip(grid) {
  const { tip } = grid.view;
  if (!tip.shown) return;
  const place = tip.target.isConnected && placeOf(tip.target);
  const lines = place && tipFor(grid, place);
  if (lines) tip.show(tip.target, lines());
  else tip.hide();
}

function tipFor(grid, { r, c }) {
  const { model } = grid.view;
  const row = model.rows[r];
  const column = grid.columns[c];
  if (row?.group !== undefined || !column) return null;
  const { unsaved } = grid.view;
  if (row && column.module) {
    const found = { student: row.student, module: column.module };
    return () => cellTip(found.student, found.module, model.canEdit, unsaved.isStuck(found) ? unsaved.of(found) : null);
  }
  if (row && column.kind === "why") return row.student.why ? () => whyTip(row.student) : null;
  if (row) return () => countTip(row.student, row.student.name, lastWords(row.student), averagesOf(model, row.student));
  if (column.module) return () => countTip(column.module, column.module.name, column.module.type, averageSaid(model, column.module));
  return null;
}
