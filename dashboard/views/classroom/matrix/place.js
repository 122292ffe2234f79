// Where somebody is in the grid, and back to it when its rows or columns are others.

// The place in words that outlive a new order: ids of the focus and of the topmost student, and offsets.
function placeIn(grid, model) {
  const { at } = grid;
  // A box that is out of the page already says 0: then what was painted last counts.
  const { scrollTop, scrollLeft } = grid.box.isConnected ? grid.box : grid.window;
  let top = Math.min(Math.floor(scrollTop / grid.rowHeight), model.rows.length - 1);
  while (top > 0 && !model.rows[top].student) top -= 1;
  return {
    student: model.rows[at.r]?.student?.id ?? null, r: at.r, c: at.c,
    column: grid.columns[at.c]?.module?.id ?? null,
    top: model.rows[top]?.student?.id ?? null,
    offset: scrollTop - top * grid.rowHeight, left: scrollLeft,
  };
}

function goToPlace(grid, place) {
  const { rows } = grid.view.model;
  const rowOf = (id) => rows.findIndex((row) => row.student?.id === id);
  const top = place.top === null ? -1 : rowOf(place.top);
  const r = place.student === null ? place.r : rowOf(place.student);
  const c = place.column === null ? place.c : grid.columns.findIndex((column) => column.module?.id === place.column);
  grid.at = {
    r: Math.min(r < 0 && place.student !== null ? Math.max(0, place.r) : r, rows.length),
    c: Math.min(c < 0 ? place.c : c, grid.columns.length - 1),
  };
  grid.box.scrollTop = top < 0 ? 0 : top * grid.rowHeight + place.offset;
  grid.box.scrollLeft = place.left;
}
