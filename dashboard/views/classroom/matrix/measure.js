// How large everything is, in pixels: from the names, the figures and the room there is.

// Pixels: `beside` is what a cell needs besides its figure, `widest` where there is room to spare; `name` and `why` at
// most. Twenty compact columns fit a window of 1280 beside the rest, a scroll bar and the page's margins.
const SIZES = {
  wide: { row: 38, column: 92, widest: 132, beside: 50, name: 280, why: 190, done: 146, foot: 76 },
  compact: { row: 30, column: 40, widest: 60, name: 184, why: 128, done: 84, foot: 38 },
};
const LEAST = { name: 132, why: 90 };
const WIDTHS = { last: 104, change: 184, sum: 158 };
// The reasons, as grid.css sizes them.
const WHY = 0.8;
// What a fourth count takes beside or below the three.
const OTHERS = { sum: 44, foot: 17 };
// What stands below a name, as grid.css sizes it.
const BESIDE = 0.8;
// The names over compact columns lean by this angle; `foot` is what stands upright below them, as grid.css has it.
const LEAN = { angle: Math.PI / 3, longest: 156, foot: 30 };

function sizesOf(model, width, style) {
  const wide = (texts, scale) => widest(texts, `500 ${parseFloat(style.fontSize) * scale}px ${style.fontFamily}`);
  const size = SIZES[model.density];
  const hasOther = model.modules.some((module) => module.other > 0);
  const widths = leadWidths(model, width, size, wide);
  widths.sum = WIDTHS.sum + (hasOther ? OTHERS.sum : 0);
  const foot = size.foot + (hasOther && !model.compact ? OTHERS.foot : 0);
  const [leads, trail] = [model.leads, model.trail].map((kinds) => kinds.map((kind) => ({ kind, width: widths[kind] })));
  const spare = width - [...leads, ...trail].reduce((taken, { width: one }) => taken + one, 0) - 18;
  const share = Math.min(size.widest, Math.floor(spare / Math.max(1, model.columns.length)));
  const figures = model.compact ? 0 : wide(["100 %", ...scoresAtMost(model)], 1) + 1;
  const columnWidth = Math.max(size.column, model.compact ? 0 : figures + size.beside, share);
  const headHeight = headNeeds(wide(model.columns.map((module) => module.name), 0.9), columnWidth, model);
  // In a low window the totals scroll along, or hardly a row would be left between head and foot.
  const low = innerHeight * 0.72 < headHeight + foot + 8 * size.row;
  return {
    rowHeight: size.row, columnWidth, headHeight, totalsHeight: foot, footHeight: low ? 0 : foot,
    side: model.compact ? 3 : Math.floor((columnWidth - figures - size.beside + 10) / 2),
    ...placed([...leads, ...model.columns.map((module) => ({ kind: "module", module, width: columnWidth })), ...trail],
      leads.length + model.pinned, width),
  };
}

function scoresAtMost({ modules }) {
  return modules.filter(({ scored }) => scored).map((each) => besideMark("88.8", each));
}

function leadWidths({ students }, width, size, wide) {
  const names = wide(students.map((student) => student.plain), 1);
  const beside = wide(students.map((student) => student.beside ?? ""), BESIDE);
  const name = Math.min(Math.max(LEAST.name, Math.max(names, beside) + 26), Math.round(width * 0.34), size.name);
  const reasons = wide(new Set(students.flatMap(firstReasons)), WHY) + 18;
  const why = Math.min(Math.max(reasons, LEAST.why), size.why);
  const last = students.some((student) => student.last && isChange(student.last)) ? WIDTHS.change : WIDTHS.last;
  return { name, why, done: size.done, last };
}

// Room for the longest module name: up to four wrapped lines, or two that lean.
function headNeeds(longest, columnWidth, { columns, compact }) {
  if (columns.length === 0) return 44;
  if (!compact) return 66 + 16 * Math.min(4, Math.ceil((longest * 1.15) / (columnWidth - 10)));
  const line = Math.min(LEAN.longest, Math.max(60, longest > 100 ? longest / 1.7 : longest) + 14);
  return Math.round(LEAN.foot + line * Math.sin(LEAN.angle) + columnWidth / 4);
}

// The first column always stays in view, pinned modules where there is room. No more than that: every cell
// that sticks is a layer of its own to the browser, and costs when scrolling.
function placed(columns, lead, room) {
  let left = 0;
  let stuck = 0;
  columns.forEach((column, c) => {
    const mayStick = c === 0 || (column.module?.pinned && stuck + column.width <= room * 0.55);
    Object.assign(column, { left, stuck: mayStick ? stuck : null });
    left += column.width;
    if (mayStick) stuck += column.width;
  });
  return { columns, lead, width: left, stuckWidth: stuck };
}
