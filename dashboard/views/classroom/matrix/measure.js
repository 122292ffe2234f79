// How large everything is, in pixels: from the names, the figures and the room there is.

// Pixels: `beside` is what a cell needs besides its figure, `widest` where there is room to spare.
const SIZES = {
  comfortable: { row: 38, column: 92, widest: 132, beside: 58, text: 1 },
  compact: { row: 28, column: 54, widest: 108, beside: 30, text: 0.93 },
};
const WIDTHS = { done: 146, last: 104, change: 184, sum: 146 };
// The reasons, as grid.css sizes them.
const WHY = { text: 0.857, least: 90, most: 190 };
const FOOT = 60;
// What a fourth count takes beside or below the three.
const OTHERS = { sum: 44, foot: 17 };
// What stands below a name, as grid.css sizes it.
const BESIDE = 0.8;

function sizesOf(model, width, style) {
  const wide = (texts, scale) => widest(texts, `500 ${parseFloat(style.fontSize) * scale}px ${style.fontFamily}`);
  const size = SIZES[model.density] ?? SIZES.comfortable;
  const names = wide(model.students.map((student) => student.plain), 1);
  const beside = wide(model.students.map((student) => student.beside ?? ""), BESIDE);
  const longest = Math.max(132, Math.max(names, beside) + 26);
  const name = Math.min(longest, Math.round(width * 0.34), 280);
  const figures = wide(["88.8", "100 %"], size.text) + 1;
  const last = model.students.some((student) => student.last && isChange(student.last)) ? WIDTHS.change : WIDTHS.last;
  const hasOther = model.modules.some((module) => module.other > 0);
  const sum = WIDTHS.sum + (hasOther ? OTHERS.sum : 0);
  const foot = FOOT + (hasOther ? OTHERS.foot : 0);
  const why = wide(new Set(model.students.flatMap(firstReasons)), WHY.text);
  const widths = { name, why: Math.min(Math.max(why + 18, WHY.least), WHY.most), done: WIDTHS.done, last };
  const leads = model.leads.map((kind) => ({ kind, width: widths[kind] }));
  const spare = width - leads.reduce((taken, lead) => taken + lead.width, 0) - sum - 18;
  const share = Math.min(size.widest, Math.floor(spare / Math.max(1, model.columns.length)));
  const columnWidth = Math.max(size.column, figures + size.beside, share);
  const upright = columnWidth < 80;
  const headHeight = headNeeds(wide(model.columns.map((module) => module.name), 0.9), columnWidth, upright, model);
  // In a low window the totals scroll along, or hardly a row would be left between head and foot.
  const low = innerHeight * 0.72 < headHeight + foot + 8 * size.row;
  return {
    rowHeight: size.row, columnWidth, upright, headHeight, totalsHeight: foot, footHeight: low ? 0 : foot,
    side: Math.floor((columnWidth - figures - size.beside + 10) / 2),
    ...placed(columnsOf(model, leads, columnWidth, sum), leads.length + model.pinned, width),
  };
}

// Room for the longest module name: up to four wrapped lines, or two upright ones.
function headNeeds(longest, columnWidth, upright, model) {
  if (model.columns.length === 0) return 44;
  if (upright) return 50 + Math.min(140, Math.max(72, longest > 120 ? longest / 1.6 : longest + 8));
  return 66 + 16 * Math.min(4, Math.ceil((longest * 1.15) / (columnWidth - 10)));
}

function columnsOf(model, leads, columnWidth, sum) {
  return [
    ...leads,
    ...model.columns.map((module) => ({ kind: "module", module, width: columnWidth })),
    { kind: "sum", width: sum },
  ];
}

// The first column always stays in view, pinned modules where there is room. No more than that: every cell
// that sticks is a layer of its own to the browser, and costs when scrolling.
function placed(columns, lead, room) {
  let left = 0;
  let stuck = 0;
  columns.forEach((column, c) => {
    const mayStick = c === 0 || (column.module?.pinned && stuck + column.width <= room * 0.55);
    Object.assign(column, { left, flows: c < lead, stuck: mayStick ? stuck : null });
    left += column.width;
    if (mayStick) stuck += column.width;
  });
  return { columns, lead, width: left, stuckWidth: stuck };
}
