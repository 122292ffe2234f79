// Typing in a cell, as in a spreadsheet: a figure, c, i or n begins, F2 goes on from what is there; Enter saves and goes
// down, Tab goes right, Escape takes back. In a block the same text is for all of it, by way of a preview.

const BEGINS = /^[0-9cin-]$/i;
const OTHER_LETTER = /^\p{L}$/u;
const MOVES = { Enter: [1, 0], Tab: [0, 1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };
// How long a hand rests before what it typed is asked about.
const RESTS = 150;

class Entry {
  constructor(view) {
    this.view = view;
    // {student, module, seen, field, begun}: ids, the cell as it was shown, and what the field held at first.
    this.open = null;
  }

  get canType() {
    return this.view.model.canEdit && !this.view.narrow;
  }

  // A key on the grid; true where it was for this.
  key(event, found) {
    if (this.open) return this.keyInField(event);
    if (!this.canType || event.altKey) return false;
    const { unsaved } = this.view;
    const isCommand = event.ctrlKey || event.metaKey;
    if (isCommand && event.key.toLowerCase() === "z" && !event.shiftKey) unsaved.undo();
    else if (isCommand || !found) return false;
    else if (event.key === "F2") this.begin(found);
    else if (event.key === "Enter" && unsaved.isStuck(found)) this.begin(found);
    else if (event.key === "Escape" && unsaved.isStuck(found)) unsaved.drop(found);
    else if (BEGINS.test(event.key)) this.begin(found, event.key);
    else if (OTHER_LETTER.test(event.key)) unsaved.show(idsOf(found), "", "Type a figure, c, i or n");
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  begin(found, text) {
    const seen = cellText(found.student, found.module);
    const { unsaved, tip } = this.view;
    if (seen === "") return unsaved.show(idsOf(found), "", "Not in this module");
    const label = `${sentence(found.student, found.module, readCell(seen))}. A figure, c, i or n`;
    const field = attrs(el("input", "mx-entry"), {
      type: "text", "aria-label": label, maxlength: 80, autocomplete: "off", spellcheck: "false",
    });
    const begun = unsaved.of(found)?.text || typedOf(readCell(seen), found.module);
    field.value = text ?? begun;
    this.open = { ...idsOf(found), seen, field, begun: unsaved.isStuck(found) ? null : begun };
    tip.hide();
    unsaved.note.hide();
    field.addEventListener("input", () => this.consider());
    // A field that is taken off the page and put there again is left, too.
    field.addEventListener("blur", () => setTimeout(() => this.left(field)));
    this.attach();
    return this.consider();
  }

  // Into its cell, which may be another element than before.
  attach() {
    const cell = this.open && cellOfIds(this.view, this.open);
    if (!cell || this.holds(cell)) return;
    const { field } = this.open;
    const { selectionStart, selectionEnd } = field;
    cell.classList.add("mx-typing");
    cell.append(field);
    field.focus({ preventScroll: true });
    field.setSelectionRange(selectionStart, selectionEnd);
  }

  // What is drawn anew goes around it.
  holds(cell) {
    return this.open !== null && cell.contains(this.open.field);
  }

  // The page is left with a field open: what is in it is kept as if the field were left.
  leave() {
    if (this.open) this.commit();
  }

  left(field) {
    if (this.open?.field === field && document.hasFocus() && document.activeElement !== field) this.commit();
  }

  keyInField(event) {
    event.stopPropagation();
    if (event.isComposing) return true;
    if (event.key === "Escape") this.finish();
    else if (event.shiftKey && event.key.startsWith("Arrow")) return true;
    else if (event.key in MOVES) this.commit(MOVES[event.key], event.shiftKey ? -1 : 1);
    else return true;
    event.preventDefault();
    return true;
  }

  commit(move, sign = 1) {
    const { student, module, seen, field, begun } = this.open;
    const text = field.value.trim();
    const block = this.blockAround();
    this.finish(move && !block ? move.map((step) => step * sign) : null);
    if (text === "") return;
    if (block) setMany(this.view, block.students, block.modules, [[text]]);
    else if (text !== begun) this.view.unsaved.send("save", { student, module, seen, text });
  }

  // Takes the field away, and the keyboard to where it goes on.
  finish(move) {
    const { open, view } = this;
    const had = document.activeElement === open.field;
    clearTimeout(this.timer);
    this.open = null;
    view.unsaved.note.hide();
    open.field.remove();
    refillAt(view, open);
    if (move) moveOn(view.grid, move);
    else if (had) view.grid.stop?.focus({ preventScroll: true });
  }

  // The selection that the open cell is of, where that is more than the cell.
  blockAround() {
    const { picking, picking: { students, modules } } = this.view;
    const isIn = picking.has(this.open.student, this.open.module);
    return isIn && students.size * modules.size > 1 ? { students: [...students], modules: [...modules] } : null;
  }

  // What it would do, once the hand rests.
  consider() {
    clearTimeout(this.timer);
    const { student, module, seen, field, begun } = this.open;
    const { note } = this.view.unsaved;
    const block = this.blockAround();
    const many = block ? block.students.length * block.modules.length : 1;
    if (block) return note.show(field, [tipLine(null, `For ${many} cells: a preview follows`)], true);
    const text = field.value.trim();
    if (text === "" || text === begun) return note.hide();
    this.timer = setTimeout(() => {
      this.asked = this.view.unsaved.send("ask", { student, module, seen, text });
    }, RESTS);
    return undefined;
  }

  advised(token, words) {
    if (!this.open || token !== this.asked) return;
    this.view.unsaved.note.show(this.open.field, [tipLine(null, words)], true);
    this.view.say.textContent = words;
  }
}

// One text for all cells, or a line of texts a student: by way of a preview.
function setMany(view, students, modules, texts) {
  view.picking.become(students, modules);
  view.act({ kind: "set", students, modules, texts });
}

// Over headings of groups, and no further than the cells go.
function moveOn(grid, [down, right]) {
  const { rows } = grid.view.model;
  let r = grid.at.r + down;
  while (rows[r]?.group !== undefined) r += down;
  const c = grid.at.c + right;
  moveTo(grid, rows[r] ? r : grid.at.r, grid.columns[c]?.module ? c : grid.at.c);
}

// What a cell shows, status and figure, as data/rules/progress/typed_cells.py reads it.
function typedOf({ state, percent, score }, module) {
  const isScore = module.scored && score !== "";
  const figure = isScore ? score : percent;
  const isSaid = figure !== "" && (isScore || (state === "I" || state === "X" || (state === "C" && module.scored)));
  const letter = LOOKS.statuses[state] && state !== "X" ? state.toLowerCase() : "";
  return [letter, isSaid ? `${figure}${module.scored && !isScore ? " %" : ""}` : ""].join(" ").trim();
}
