// Averages: of each module over the students shown, and of each student over their modules.

// What a cell counts in an average: a score that can be, or a percentage, which is 0 before one begins; else null.
function valueOf(cell, { scored }) {
  const text = scored ? cell.score : cell.percent;
  if (text === "") return !scored && cell.state === "N" ? 0 : null;
  const value = Number(text);
  return value >= 0 && value <= 100 ? value : null;
}

// {sum, of} of what there is to count among cells; `cellOf` gives the cell of each of `items`, and its module.
function averageOf(items, cellOf) {
  const average = { sum: 0, of: 0 };
  for (const item of items) {
    const value = valueOf(...cellOf(item));
    if (value === null) continue;
    average.sum += value;
    average.of += 1;
  }
  return average;
}

// As exact as a score is ever given: what rounding would make look like the pass mark is told so.
function meanScore({ sum, of }, passMark) {
  return scoreFigure(String(Number((sum / of).toFixed(4))), passMark);
}

function averageFigure(average, module) {
  if (average.of === 0) return "–";
  return module.scored ? besideMark(meanScore(average, module.passMark), module) : share(average.sum, 100 * average.of);
}

function averageWords(average, module) {
  if (average.of === 0) return module.scored ? "no scores" : "no percentages";
  if (!module.scored) return `average ${share(average.sum, 100 * average.of)}`;
  return `average score ${meanScore(average, module.passMark)}${markWords(module)}, of ${average.of}`;
}

// A student's: of all scores, whose pass marks differ, and of all percentages; in words, where there are any.
function averagesOf({ modules }, student) {
  const cellOf = (module) => [readCell(cellText(student, module)), module];
  const [scores, percents] = [true, false].map((is) => averageOf(modules.filter(({ scored }) => scored === is), cellOf));
  return [
    percents.of > 0 ? `Average ${share(percents.sum, 100 * percents.of)}` : null,
    scores.of > 0 ? `${percents.of > 0 ? "score" : "Average score"} ${meanScore(scores)}` : null,
  ].filter(Boolean);
}

// What is known of texts in columns of percentages, and of scores.
const KNOWN_VALUES = [new Map(), new Map()];

// Adds what some students have to the averages of the modules, by their ids. There may be 300,000 cells: each text is
// read once.
function addToAverages(averages, students, modules) {
  const kinds = modules.map((module) => ({ module, average: averages.get(module.id), known: KNOWN_VALUES[Number(module.scored)] }));
  for (const student of students) {
    const cells = student.split ?? student.cells.split(";");
    for (let at = 0; at < kinds.length; at += 1) {
      const { module, average, known } = kinds[at];
      const text = cells[at] ?? "?";
      let value = known.get(text);
      if (value === undefined) {
        if (known.size > 20000) known.clear();
        known.set(text, (value = valueOf(readCell(text), module)));
      }
      if (value === null) continue;
      average.sum += value;
      average.of += 1;
    }
  }
}

// Every cell is read for them: when the browser rests, and so many students at a time that a hand is not held up.
function averageLater(grid) {
  const { model } = grid.view;
  const averages = new Map(model.modules.map(({ id }) => [id, { sum: 0, of: 0 }]));
  let at = 0;
  const step = (rest) => {
    if (model !== grid.view.model || !grid.table.isConnected) return;
    do addToAverages(averages, model.students.slice(at, (at += 100)), model.modules);
    while (at < model.students.length && rest?.timeRemaining() > 2);
    if (at < model.students.length) whenIdle(step);
    else showAverages(grid, averages);
  };
  whenIdle(step);
}

// Not every browser tells when it rests.
function whenIdle(work) {
  if (window.requestIdleCallback) requestIdleCallback(work, { timeout: 500 });
  else afterPaint(work);
}

function showAverages(grid, averages) {
  const { model } = grid.view;
  model.averages = averages;
  const foot = grid.lines.get(model.rows.length);
  for (const [c, cell] of foot.cells) if (grid.columns[c].module) grid.refill(cell, foot.r, c);
}
