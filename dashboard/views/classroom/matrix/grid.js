// The grid: a table whose rows and cells stand at computed places, so that only those in view exist.
// Rows count from 0; -1 is the head, -2 what else it has beside its sorting, rows.length is the totals row.

const BEYOND_ROWS = 6;
const BEYOND_COLUMNS = 2;
// What a head has beside its sorting.
const BESIDE_SORTING = ".mx-head-link, .mx-density";

const HELP = "Arrow keys move from cell to cell, Enter opens one, Shift with arrow keys selects a block, Escape clears it, then closes a panel.";
const HELP_TYPING = " A figure, c, i or n is typed over a cell, F2 goes on from what is there; Enter saves, Escape takes back.";
let helpers = 0;

class Grid {
  constructor(view) {
    this.view = view;
    this.table = attrs(el("table", "mx-grid"), { role: "grid", "aria-multiselectable": "true" });
    this.head = attrs(el("thead"), { role: "rowgroup" });
    this.body = attrs(el("tbody"), { role: "rowgroup" });
    this.foot = attrs(el("tfoot"), { role: "rowgroup" });
    this.table.append(this.head, this.body, this.foot);
    this.box = el("div", "mx-box", this.table);
    this.lines = new Map();
    this.at = { r: 0, c: 0 };
    this.stop = null;
    helpers += 1;
    this.help = attrs(el("p", "look-unseen", HELP), { id: `mx-help-${helpers}` });
    this.table.setAttribute("aria-describedby", this.help.id);
    this.box.addEventListener("scroll", () => this.scrolled(), { passive: true });
    listenToGrid(this);
  }

  // Everything anew, for another set or order of rows or columns, painted at a place (see place.js) if given.
  rebuild(width, place) {
    const { model } = this.view;
    this.measure(width);
    this.lines.clear();
    this.head.replaceChildren();
    this.body.replaceChildren();
    this.foot.replaceChildren();
    this.window = null;
    const last = model.rows.length;
    attrs(this.table, {
      "aria-label": model.label, "aria-rowcount": last + 2, "aria-colcount": this.columns.length,
      "aria-readonly": String(!model.canEdit),
    });
    this.help.textContent = model.canEdit ? HELP + HELP_TYPING : HELP;
    this.head.append(this.line(-1));
    this.foot.append(this.line(last));
    this.at = { r: Math.min(this.at.r, last), c: Math.min(this.at.c, this.columns.length - 1) };
    if (place) goToPlace(this, place);
    this.paint();
    averageLater(this);
  }

  // Takes the sizes of measure.js, and hands to the style sheet those that it needs.
  measure(width) {
    Object.assign(this, sizesOf(this.view.model, width, getComputedStyle(this.view.root)));
    const { style, classList } = this.table;
    style.width = `${this.width}px`;
    style.setProperty("--mx-row", `${this.rowHeight}px`);
    style.setProperty("--mx-side", `${this.side}px`);
    style.setProperty("--mx-head", `${this.headHeight}px`);
    style.setProperty("--mx-foot", `${this.totalsHeight}px`);
    style.setProperty("--mx-column", `${this.columnWidth}px`);
    classList.toggle("mx-compact", this.view.model.compact);
    showOutlined(this.table, this.view.model);
    classList.toggle("mx-low", this.footHeight === 0);
    this.body.style.height = `${this.view.model.rows.length * this.rowHeight}px`;
  }

  scrolled() {
    if (this.waiting) return;
    this.waiting = requestAnimationFrame(() => {
      this.waiting = 0;
      this.paint();
    });
  }

  // Which rows and module columns are in view, and a little beyond.
  inView() {
    const { scrollTop, scrollLeft, clientHeight, clientWidth } = this.box;
    const height = clientHeight - this.headHeight - this.footHeight;
    const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
    const rows = this.view.model.rows.length;
    const first = this.columns[this.lead]?.left ?? 0;
    const columns = this.columns.length - 1;
    const column = (x) => this.lead + Math.floor((x - first) / this.columnWidth);
    return {
      scrollTop, scrollLeft,
      r0: clamp(Math.floor(scrollTop / this.rowHeight) - BEYOND_ROWS, 0, rows),
      r1: clamp(Math.ceil((scrollTop + height) / this.rowHeight) + BEYOND_ROWS, 0, rows),
      c0: clamp(column(scrollLeft + this.stuckWidth) - BEYOND_COLUMNS, this.lead, columns),
      c1: clamp(column(scrollLeft + clientWidth) + 1 + BEYOND_COLUMNS, this.lead, columns + 1),
    };
  }

  paint() {
    const now = this.inView();
    const old = this.window;
    this.window = now;
    const shifted = !old || old.c0 !== now.c0 || old.c1 !== now.c1;
    if (old && !shifted && old.r0 === now.r0 && old.r1 === now.r1) return;
    this.wanted = this.wantedColumns();
    if (shifted) for (const line of this.lines.values()) this.syncCells(line);
    this.syncLines();
    this.syncStop();
  }

  // After a move of the focus: its row and column exist even when they are scrolled out of view.
  repaint() {
    this.window = null;
    this.paint();
  }

  wantedColumns() {
    const { c0, c1 } = this.window;
    const wanted = [];
    for (let c = 0; c < this.columns.length; c += 1) {
      if (c < this.lead || (c >= c0 && c < c1) || c === this.at.c) wanted.push(c);
    }
    return wanted;
  }

  syncLines() {
    const { r0, r1 } = this.window;
    const last = this.view.model.rows.length;
    const wanted = new Set();
    for (let r = r0; r < r1; r += 1) wanted.add(r);
    if (this.at.r >= 0 && this.at.r < last) wanted.add(this.at.r);
    for (const [r, line] of this.lines) {
      if (r < 0 || r === last || wanted.has(r)) continue;
      line.row.remove();
      this.lines.delete(r);
    }
    let next = this.body.firstChild;
    for (const r of [...wanted].sort((a, b) => a - b)) {
      const line = this.lines.get(r);
      if (line) next = line.row.nextSibling;
      else this.body.insertBefore(this.line(r), next);
    }
  }

  line(r) {
    const row = attrs(el("tr", "mx-row"), { role: "row", "aria-rowindex": r < 0 ? 1 : r + 2 });
    if (r >= 0 && r < this.view.model.rows.length) row.style.top = `${r * this.rowHeight}px`;
    const line = { r, row, cells: new Map() };
    this.lines.set(r, line);
    if (this.window) this.syncCells(line);
    return row;
  }

  syncCells(line) {
    const group = this.view.model.rows[line.r]?.group;
    const wanted = group === undefined ? this.wanted : [0];
    for (const [c, cell] of line.cells) {
      if (wanted.includes(c)) continue;
      cell.remove();
      line.cells.delete(c);
    }
    let next = line.row.firstChild;
    for (const c of wanted) {
      const known = line.cells.get(c);
      if (known) {
        next = known.nextSibling;
        continue;
      }
      const cell = this.cell(line.r, c);
      line.cells.set(c, cell);
      line.row.insertBefore(cell, next);
    }
    this.leaveGaps(line, wanted);
  }

  // Where cells are missing. None of the others has a style of its own: browsers work out once what is alike.
  leaveGaps({ cells }, wanted) {
    let end = 0;
    for (const c of wanted) {
      const { left, width } = this.columns[c];
      const { style } = cells.get(c);
      if (left > end || style.marginLeft) style.marginLeft = `${left - end}px`;
      end = left + width;
    }
  }

  cell(r, c) {
    const column = this.columns[c];
    const row = this.view.model.rows[r];
    if (row?.group !== undefined) return groupCell(row, this.columns.length);
    const cell = r < 0 ? headCell(this.view, column)
      : row ? studentCell(this.view, row.student, column)
        : totalCell(this.view, column);
    cell.setAttribute("aria-colindex", c + 1);
    this.setPlace(cell, column);
    return cell;
  }

  setPlace(cell, column) {
    if (!column.module) cell.style.width = `${column.width}px`;
    if (column.stuck === null) return;
    cell.classList.add("mx-stuck");
    cell.style.left = `${column.stuck}px`;
  }

  // The same rows and columns with other values: cells are filled in place, so nothing moves or loses focus.
  refresh() {
    const modules = new Map(this.view.model.modules.map((module) => [module.id, module]));
    for (const column of this.columns) column.module &&= modules.get(column.module.id);
    for (const { r, cells } of this.lines.values()) {
      const student = this.view.model.rows[r]?.student;
      for (const [c, cell] of cells) {
        const column = this.columns[c];
        if (!student) this.refill(cell, r, c);
        else if (column.kind !== "name") {
          fillStudentCell(this.view, cell, student, column);
          this.setPlace(cell, column);
        }
      }
    }
    averageLater(this);
  }

  // Head, totals and group headings: new contents under the same element, unless the focus is inside it.
  refill(cell, r, c) {
    const fresh = this.cell(r, c);
    if (fresh.innerHTML === cell.innerHTML && fresh.ariaLabel === cell.ariaLabel) return;
    const inside = cell.contains(document.activeElement) && document.activeElement !== cell;
    const kept = inside ? document.activeElement.className : null;
    cell.replaceChildren(...fresh.childNodes);
    for (const { name, value } of fresh.attributes) if (name !== "tabindex") cell.setAttribute(name, value);
    if (kept) cell.getElementsByClassName(kept)[0]?.focus({ preventScroll: true });
    this.syncStop();
  }

  // The element that takes the focus for a row and column: a cell, or the one control in it.
  target(r, c) {
    const line = this.lines.get(r < 0 ? -1 : r);
    const cell = line?.cells.get(this.view.model.rows[r]?.group === undefined ? c : 0);
    if (!cell) return null;
    if (r >= 0) return cell.querySelector("a") ?? cell;
    return (r === -2 && cell.querySelector(BESIDE_SORTING)) || cell.querySelector("button") || cell;
  }

  // The roving tabindex: one stop for the whole grid.
  syncStop() {
    const stop = this.target(this.at.r, this.at.c);
    if (this.stop && this.stop !== stop) this.stop.tabIndex = -1;
    if (stop) stop.tabIndex = 0;
    this.stop = stop;
  }
}
