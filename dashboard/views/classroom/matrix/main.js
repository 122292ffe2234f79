// What Streamlit calls: once when mounted, and again when the data or the theme is another.

const NARROW = 640;
const ORDER_WORDS = { name: "name", attention: "urgency", completion: "completed", activity: "last activity" };
// Where somebody was, by component key: a page that comes back opens at the same place.
const places = new Map();

class View {
  constructor(host) {
    this.root = el("div", "mx look");
    this.tip = new Tip(this.root);
    this.unsaved = new Unsaved(this);
    this.entry = new Entry(this);
    this.picking = new Picking(this);
    this.grid = new Grid(this);
    this.list = new List(this);
    this.paper = new Paper(this);
    this.under = el("div", "mx-under");
    this.say = attrs(el("div", "look-unseen"), { "aria-live": "polite", role: "status" });
    this.screen = el("div", "mx-screen");
    this.root.append(this.screen, this.under, this.paper.box, this.grid.help, this.say);
    host.append(this.root);
    this.model = null;
    this.watch = new ResizeObserver(() => this.resized());
    this.watch.observe(this.root);
    this.renewed = ({ detail }) => this.renew(detail);
    addEventListener("matrix-renewal", this.renewed);
    this.followed = () => followShown(this);
    addEventListener("cell-shown", this.followed);
    this.shown = cellShown();
  }

  show(data) {
    followTheme(this.root);
    drawSymbols(this.root);
    const written = new TextDecoder().decode(data);
    if (written === this.written) return;
    this.written = written;
    const before = this.model;
    this.model = readModel(JSON.parse(written));
    if (!before) this.picking.restore();
    this.picking.keepKnown();
    if (before && before.cleared !== this.model.cleared) this.picking.drop();
    if (before && before.key === this.model.key) this.update(before);
    else this.first();
    this.tellUnder();
  }

  // One cell's new value, before the page is drawn anew: told by renewal.js.
  renew({ student, module, cell, why }) {
    const found = this.model && renewCell(this.model, student, module, cell, why);
    if (found) {
      (this.narrow ? this.list : this.grid).refresh([found]);
      if (!this.narrow) flashChanged(this.grid, [found]);
      renewTip(this.grid);
      this.say.textContent = changesSentence([found]);
    }
    // The text that was written is not what is shown any more.
    this.written = null;
  }

  first() {
    this.width = this.root.clientWidth;
    this.build(places.get(this.model.key));
  }

  build(place) {
    this.narrow = this.width < NARROW;
    this.tip.hide();
    if (this.model.students.length === 0) {
      this.screen.replaceChildren(el("p", "mx-empty", "No students to show."));
      return;
    }
    const part = this.narrow ? this.list : this.grid;
    if (this.screen.firstChild !== part.box || this.screen.children.length !== 1) this.screen.replaceChildren(part.box);
    part.rebuild(this.width, place);
    this.entry.attach();
  }

  // Where the reader is in the grid; null where no grid is shown.
  placeIn(model) {
    return !model || this.narrow || model.students.length === 0 ? null : placeIn(this.grid, model);
  }

  update(before) {
    const found = changes(before, this.model);
    if (sameShape(before, this.model)) {
      this.model.averages = before.averages;
      (this.narrow ? this.list : this.grid).refresh(found);
    } else this.rebuildInPlace(before);
    if (!this.narrow && found.length > 0) flashChanged(this.grid, found);
    renewTip(this.grid);
    this.announce(before, found);
  }

  // Another order or set: what is being read stays where it was, unless the reader asked for another order.
  rebuildInPlace(before) {
    const focused = this.grid.table.contains(document.activeElement);
    const place = this.placeIn(before);
    if (place && (before.sort !== this.model.sort || isGrouped(before) !== isGrouped(this.model))) place.top = null;
    this.build(place);
    if (focused) this.grid.stop?.focus({ preventScroll: true });
  }

  announce(before, found) {
    const told = [];
    if (found.length > 0) told.push(changesSentence(found));
    if (before.sort !== this.model.sort && this.model.sort) told.push(this.orderSentence());
    const { length } = this.model.students;
    if (before.students.length !== length) told.push(`${several(length, "student")} shown`);
    if (told.length > 0) this.say.textContent = told.join(". ");
  }

  orderSentence() {
    const by = this.model.sort.replace(/^-/, "");
    const module = this.model.modules.find((each) => by === `module:${each.id}`);
    const words = module?.name ?? ORDER_WORDS[by] ?? "another order";
    return `Sorted by ${words}, ${this.model.sort.startsWith("-") ? "descending" : "ascending"}`;
  }

  picked() {
    const { grid, picking } = this;
    for (const { r, cells } of grid.lines.values()) {
      const student = this.model.rows[r]?.student;
      if (!student) continue;
      for (const [c, cell] of cells) {
        const { module } = grid.columns[c];
        if (module) picking.paint(cell, student, module);
      }
    }
    this.tellUnder();
    if (picking.any) this.say.textContent = this.pickedWords();
  }

  pickedWords() {
    const { students, modules } = this.picking;
    const block = `${several(students.size, "student")} × ${several(modules.size, "module")}`;
    return `${several(students.size * modules.size, "cell")} selected: ${block}`;
  }

  // Under the table: the legend, the selection with a way out of it, and what may not be done here.
  tellUnder() {
    const { model, picking } = this;
    const state = el("span", "mx-state");
    if (picking.any) {
      const clear = attrs(el("button", "mx-clear", "Clear"), { type: "button", "aria-label": "Clear the selection" });
      clear.addEventListener("click", () => {
        picking.clear();
        this.grid.stop?.focus({ preventScroll: true });
      });
      state.append(this.pickedWords(), " ", clear);
    } else if (model.note) state.append(model.note);
    else if (this.entry.canType) state.append("Type a figure, c, i or n in a cell; Shift + arrows select a block");
    this.under.replaceChildren(legend(model), ...this.notSaved(), state);
  }

  // What was typed and is not saved, wherever it is, with the way to it.
  notSaved() {
    const { stuck } = this.unsaved;
    if (stuck.length === 0 || this.narrow) return [];
    const go = attrs(el("button", "mx-clear", "Go there"), { type: "button" });
    go.addEventListener("click", () => this.unsaved.takeUp(stuck[0]));
    return [el("span", "mx-state mx-not-saved", `${several(stuck.length, "cell")} not saved`, go)];
  }

  resized() {
    const width = this.root.clientWidth;
    if (!this.model || width === 0 || Math.abs(width - this.width) < 2) return;
    drawSymbols(this.root);
    const place = this.placeIn(this.model);
    const focused = this.grid.table.contains(document.activeElement);
    this.width = width;
    this.build(place);
    this.tellUnder();
    if (focused) this.grid.stop?.focus({ preventScroll: true });
    if (this.shown && !this.narrow) goToShown(this.grid, this.shown, focused);
  }

  close() {
    const place = this.placeIn(this.model);
    if (place) places.set(this.model.key, place);
    this.entry.leave();
    this.picking.leave();
    this.unsaved.close();
    leaveClipboard(this.grid);
    this.watch.disconnect();
    this.paper.close();
    this.tip.hide();
    removeEventListener("matrix-renewal", this.renewed);
    removeEventListener("cell-shown", this.followed);
    this.root.remove();
  }
}

function isGrouped({ rows }) {
  return rows[0]?.group !== undefined;
}

// Same rows and columns in the same order, drawn the same way: then only values can differ.
function sameShape(a, b) {
  return a.sort === b.sort && a.density === b.density && a.label === b.label && a.canEdit === b.canEdit
    && a.moduleHref === b.moduleHref && a.outlined === b.outlined && a.leads.length === b.leads.length
    && sameList(a.rows, b.rows, ({ student, group, count }) => student ? `${student.id} ${student.name}` : `${group} ${count}`)
    && sameList(a.columns, b.columns, (module) => `${module.id} ${module.name} ${module.type} ${module.pinned}`);
}

function sameList(a, b, words) {
  return a.length === b.length && a.every((each, at) => words(each) === words(b[at]));
}

export default mounting(View);
