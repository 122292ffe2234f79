// The selection: a set of students and a set of modules, so that it survives another order of the rows.
// As it was left, by class: a page that comes back shows it again, unless it was corrected meanwhile.
const picks = new Map();

class Picking {
  constructor(view) {
    this.view = view;
    this.students = new Set();
    this.modules = new Set();
    this.anchor = null;
  }

  get any() {
    return this.students.size > 0 && this.modules.size > 0;
  }

  from({ student, module }) {
    this.anchor = { student: student.id, module: module.id };
  }

  to({ student, module }) {
    const { model } = this.view;
    // A first Shift-click begins a block, the next one ends it.
    this.anchor ??= { student: student.id, module: module.id };
    this.students = new Set(between(model.students, this.anchor.student, student.id));
    this.modules = new Set(between(model.columns, this.anchor.module, module.id));
    this.view.picked();
  }

  // Reported once the hand rests, not at every step.
  report(wait) {
    if (wait === 0 && !this.timer) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), wait);
  }

  // Another selection, which an event of its own tells of.
  become(students, modules) {
    clearTimeout(this.timer);
    this.timer = 0;
    Object.assign(this, { students: new Set(students), modules: new Set(modules) });
    this.view.picked();
  }

  send() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.view.act({ kind: "block", students: [...this.students], modules: [...this.modules] });
  }

  restore() {
    const { moduleHref, cleared } = this.view.model;
    const found = picks.get(moduleHref);
    picks.delete(moduleHref);
    if (found?.cleared !== cleared) return;
    Object.assign(this, { students: found.students, modules: found.modules });
    // What was picked in the last moment was not told yet.
    if (found.isUntold) this.report(1);
  }

  leave() {
    clearTimeout(this.timer);
    if (!this.any) return;
    const { moduleHref, cleared } = this.view.model;
    picks.set(moduleHref, { students: this.students, modules: this.modules, cleared, isUntold: this.timer > 0 });
  }

  clear() {
    if (!this.any) return;
    this.drop();
    this.send();
  }

  drop() {
    this.students.clear();
    this.modules.clear();
    this.anchor = null;
    this.view.picked();
  }

  // Rows or columns that are gone leave the selection: nobody edits what they cannot see.
  keepKnown() {
    if (!this.any) return;
    const before = this.students.size + this.modules.size;
    const { students, modules } = this.view.model;
    this.students = this.students.intersection(new Set(students.map((each) => each.id)));
    this.modules = this.modules.intersection(new Set(modules.map((each) => each.id)));
    if (this.students.size + this.modules.size === before) return;
    if (!this.any) this.drop();
    this.send();
  }

  has(student, module) {
    return this.students.has(student) && this.modules.has(module);
  }

  paint(cell, student, module) {
    const picked = this.has(student.id, module.id);
    cell.classList.toggle("mx-picked", picked);
    if (this.any) cell.setAttribute("aria-selected", String(picked));
    else cell.removeAttribute("aria-selected");
  }
}

// The ids from one to the other, in the order shown; only the last where the first is gone.
function between(items, from, to) {
  const ids = items.map((each) => each.id);
  const [a, b] = [ids.indexOf(from), ids.indexOf(to)];
  return a < 0 ? [to] : ids.slice(Math.min(a, b), Math.max(a, b) + 1);
}
