// The heads of columns: each is one button that sorts, and a module's has the way to its page.

// "none", "ascending" or "descending": how the server says that the rows are sorted by this key.
function sorting(sort, by) {
  if (sort === by) return "ascending";
  return sort === `-${by}` ? "descending" : "none";
}

// Names begin at A; figures begin with the highest, and a second click turns the order round.
function nextSort(sort, by) {
  const first = by === "name" ? by : `-${by}`;
  return sort === first ? (first === by ? `-${by}` : by) : first;
}

function sortButton(view, by, shown, words) {
  const button = attrs(el("button", "mx-sort", ...shown), { type: "button", tabindex: "-1", "aria-label": words });
  const sorted = sorting(view.model.sort, by);
  // Over compact columns only the one that is sorted has an arrow; the others get one from heads.css.
  if (!view.model.compact || sorted !== "none" || by in ORDER_WORDS) button.append(symbol(ARROWS[sorted]));
  button.addEventListener("click", () => view.act({ kind: "sort", by: nextSort(view.model.sort, by) }));
  return button;
}

// What the other columns are sorted by, and their titles.
const HEADS = {
  name: ["name", "Student"], why: ["attention", "Why", "urgency"],
  done: ["completion", "Completed"], last: ["activity", "Last activity"],
};

function headCell(view, column) {
  const { sort } = view.model;
  const cell = attrs(el("th", `mx-head mx-head-${column.kind}`), { role: "columnheader", scope: "col" });
  if (column.kind === "sum") return fillWith(cell, el("span", "", "Totals, averages"));
  if (column.kind === "module") return moduleHead(view, column.module, cell);
  const [by, title, order = title.toLowerCase()] = HEADS[column.kind];
  cell.append(sortButton(view, by, [el("span", "", title)], `Sort by ${order}`));
  if (column.kind === "name") cell.append(densityButton(view));
  return attrs(cell, { "aria-sort": sorting(sort, by), "aria-label": title });
}

function moduleHead(view, module, cell) {
  const { sort, moduleHref, compact } = view.model;
  const by = `module:${module.id}`;
  const completed = share(module.completed, total(module));
  const type = compact ? null : el("span", "mx-type", module.type);
  const title = el("span", "mx-head-text", type, named(module.name, "mx-head-title"));
  const shown = [title, bucketBar(...countsOf(module)), el("span", "mx-head-share", completed)];
  const way = link(moduleHref + encodeURIComponent(module.id), module.name, "mx-head-link");
  way.firstChild.className = "look-unseen";
  way.append(symbol({ name: "open", symbol: "M3.2 1.6h7.2v7.2H9V4L3 10 2 9l6-6H3.2z" }));
  cell.append(sortButton(view, by, shown, `${completed} completed, sort by ${module.name}`), attrs(way, { tabindex: "-1" }));
  const pinned = module.pinned ? ", pinned" : "";
  return attrs(cell, {
    "aria-sort": sorting(sort, by),
    "aria-label": `${module.name}, ${module.type}, ${ofTotal(module)} completed${pinned}`,
  });
}

// The other arrangement: the server remembers it.
function densityButton(view) {
  const [other, words] = view.model.compact ? ["wide", "Show figures"] : ["compact", "Symbols only"];
  const button = attrs(el("button", "mx-density", words), { type: "button", tabindex: "-1" });
  button.addEventListener("click", () => view.act({ kind: "density", by: other }));
  return button;
}
