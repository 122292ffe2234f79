// Cells that changed stand out for a moment.

// Where more cells than this change at once, another table is shown: nothing would stand out.
const MOST_FLASHES = 120;

function flashChanged(grid, changed) {
  const wanted = new Set(changed.map(({ student, module }) => `${student.id} ${module.id}`));
  const found = [];
  for (const { r, cells } of grid.lines.values()) {
    const student = grid.view.model.rows[r]?.student;
    for (const [c, cell] of student ? cells : []) {
      if (wanted.has(`${student.id} ${grid.columns[c].module?.id}`)) found.push(cell);
    }
  }
  if (found.length <= MOST_FLASHES) flashAll(found);
}

// Begun in the next frame, so that an animation that still runs begins anew without a forced layout each.
function flashAll(cells) {
  for (const cell of cells) cell.classList.remove("mx-flash");
  requestAnimationFrame(() => {
    for (const cell of cells) {
      cell.classList.add("mx-flash");
      cell.addEventListener("animationend", () => cell.classList.remove("mx-flash"), { once: true });
    }
  });
}
