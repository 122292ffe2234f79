// Where the page is narrow: one item a student, unfolding to their modules. No shrunken grid.

const FIRST_ITEMS = 40;
const ORDERS = [
  ["name", "Name"], ["-completion", "Completed, most first"], ["completion", "Completed, fewest first"],
  ["-activity", "Last activity, newest first"], ["activity", "Last activity, oldest first"],
];
const BY_NEED = [["-attention", "Most urgent first"], ["attention", "Least urgent first"]];

class List {
  constructor(view) {
    this.view = view;
    this.open = new Set();
    this.box = el("div", "mx-list");
  }

  // The first items at once and the rest when the browser rests; folded items out of view cost nothing.
  rebuild() {
    const { model } = this.view;
    const token = (this.token = {});
    this.items = new Map();
    this.box.replaceChildren(this.orders(), this.overall());
    showOutlined(this.box, model);
    this.section = null;
    const rows = [...model.rows];
    const more = (count) => {
      if (token !== this.token) return;
      for (const row of rows.splice(0, count)) this.add(row);
      if (rows.length > 0) afterPaint(() => more(60));
    };
    more(FIRST_ITEMS);
  }

  add(row) {
    const { label } = this.view.model;
    if (row.group !== undefined) {
      const title = `${row.group} · ${row.count}`;
      this.section = attrs(el("ul", "mx-items"), { "aria-label": `${label}: ${title}` });
      this.box.append(el("p", "mx-list-group", named(title)), this.section);
      return;
    }
    if (!this.section) {
      this.section = attrs(el("ul", "mx-items"), { "aria-label": label });
      this.box.append(this.section);
    }
    const item = this.item(row.student);
    this.items.set(row.student.id, item);
    this.section.append(item);
  }

  orders() {
    const { model } = this.view;
    const select = attrs(el("select", "mx-orders"), {});
    const given = model.sort ?? "name";
    const orders = model.leads.includes("why") ? [...ORDERS, ...BY_NEED] : ORDERS;
    const known = orders.some(([by]) => by === given);
    const module = model.modules.find((each) => given.endsWith(`module:${each.id}`));
    for (const [by, words] of known ? orders : [[given, module ? module.name : "As given"], ...orders]) {
      select.append(attrs(el("option", "", words), { value: by }));
    }
    select.value = given;
    select.addEventListener("change", () => this.view.act({ kind: "sort", by: select.value }));
    return el("label", "mx-list-top", "Sort by ", select);
  }

  overall() {
    const { model } = this.view;
    const fold = el("details", "mx-overall");
    const words = `${several(model.modules.length, "module")}, ${ofTotal(sumOf(model.students))} completed`;
    fold.append(el("summary", "", words));
    fold.addEventListener("toggle", () => {
      if (fold.children.length > 1) return;
      fold.append(el("ul", "mx-modules", ...model.columns.map((each) => this.moduleTotal(each))));
    });
    return fold;
  }

  moduleTotal(module) {
    const { moduleHref } = this.view.model;
    const name = link(moduleHref + encodeURIComponent(module.id), module.name, "");
    return el("li", "mx-module-total", name,
      bucketCounts(...countsOf(module)),
      bucketBar(...countsOf(module)));
  }

  item(student) {
    const item = el("li", "mx-item");
    item.dataset.student = student.id;
    this.fill(item, student);
    return item;
  }

  fill(item, student) {
    const name = link(`student?student=${encodeURIComponent(student.id)}`, student.name, "mx-item-name");
    const open = this.open.has(student.id);
    const unfold = attrs(el("button", "mx-unfold", symbol({ name: "unfold", symbol: "M1 3.5h10L6 9z" })), {
      type: "button", "aria-expanded": String(open), "aria-label": `Modules of ${student.name}`,
    });
    unfold.addEventListener("click", () => this.toggle(item, student.id));
    const active = !student.last ? "no activity" : isChange(student.last) ? student.last : `active ${student.last}`;
    item.dataset.why = student.why ?? "";
    const why = student.why ? el("p", "mx-item-line mx-item-why", student.why) : null;
    item.replaceChildren(el("div", "mx-item-head", name, unfold), ...[why].filter(Boolean),
      el("p", "mx-item-line", el("strong", "", `${ofTotal(student)} completed`), el("span", "mx-quiet", active)),
      bucketBar(...countsOf(student)),
      el("p", "mx-item-line", bucketCounts(...countsOf(student)), this.marksOf(student)));
    if (open) item.append(this.cells(student));
  }

  marksOf(student) {
    const marks = marksCounted(this.view.model.columns.map((module) => cellText(student, module)));
    return el("span", "mx-item-marks", ...marks.map(([mark, count]) => el("span", "look-count",
      symbol(LOOKS.marks[mark]), `${count} ${LOOKS.marks[mark].word.toLowerCase()}`)));
  }

  toggle(item, id) {
    const student = this.view.model.students.find((each) => each.id === id);
    if (this.open.has(id)) this.open.delete(id);
    else this.open.add(id);
    item.querySelector(".mx-unfold").setAttribute("aria-expanded", String(this.open.has(id)));
    if (this.open.has(id)) item.append(this.cells(student));
    else item.querySelector(".mx-modules")?.remove();
  }

  cells(student) {
    const eligible = this.view.model.columns.filter((module) => cellText(student, module) !== "");
    return el("ul", "mx-modules", ...eligible.map((module) => el("li", "", this.cell(student, module))));
  }

  cell(student, module) {
    const read = readCell(cellText(student, module));
    const need = needOf(read);
    const marks = read.state === "problem" ? [] : [need, ...besides(read)].filter(Boolean);
    const button = attrs(el("button", `mx-module mx-module-${read.state}${need ? " mx-need" : ""}`), {
      type: "button", "aria-label": sentence(student, module, read), "data-module": module.id,
    });
    paintShown(this.view, button, student, module);
    button.append(symbol(need ?? LOOKS.statuses[read.state]), named(module.name, "mx-module-name"), el("span", "", figure(read, module)));
    const words = marks.map((mark) => el("span", "look-count", symbol(mark), mark.word));
    if (words.length > 0) button.append(el("span", "mx-item-marks", ...words));
    button.addEventListener("click", () =>
      this.view.act({ kind: "open", student: student.id, module: module.id }));
    return button;
  }

  // Changed students are filled anew; the focus stays on the same control.
  refresh(changed) {
    const filled = [];
    const ids = new Set(changed.map(({ student }) => student.id));
    for (const student of this.view.model.students) {
      const item = this.items.get(student.id);
      if (!item || (!ids.has(student.id) && item.dataset.why === (student.why ?? ""))) continue;
      const controls = [...item.querySelectorAll("a, button")];
      const focused = controls.indexOf(document.activeElement);
      this.fill(item, student);
      if (focused >= 0) item.querySelectorAll("a, button")[focused]?.focus({ preventScroll: true });
      filled.push(item);
    }
    flashAll(filled);
  }
}

function afterPaint(work) {
  requestAnimationFrame(() => setTimeout(work, 0));
}
