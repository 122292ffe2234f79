// What the server sent, made readable: modules, students, rows, and one cell at a time.

// The e of "C100/85.5e" is a mark, that of "C100/1e2" is not.
const CELL = /^([NIC]|X\{([^;{}]*)\})(\d{0,15})(?:\/([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?))?([fsepk]*)$/;
const COUNTS = { C: "completed", I: "inProgress", N: "notStarted", X: "other" };

function readModel(data) {
  const [options, moduleRows, studentRows] = data;
  const modules = moduleRows.map((row, at) => {
    const [id, name, type, completed, inProgress, notStarted, pinned, scored, passMark, other] = row;
    return {
      id, name, type, completed, inProgress, notStarted, other,
      pinned: Boolean(pinned), scored: Boolean(scored), passMark, at,
    };
  });
  const students = studentRows.map(([id, plain, cells, completed, inProgress, notStarted, last, why, group, beside, other]) => ({
    id, plain, beside, name: beside ? `${plain} (${beside})` : plain,
    cells, completed, inProgress, notStarted, other: other ?? 0, last, why, group, split: null,
  }));
  const columns = [...modules.filter((each) => each.pinned), ...modules.filter((each) => !each.pinned)];
  const compact = options.density === "compact";
  return {
    ...options, compact, modules, columns, students, rows: withGroups(students),
    leads: ["name", ...(students.some(({ why }) => why) ? ["why"] : []), "done", ...(compact ? [] : ["last"])],
    trail: [...(compact ? ["last"] : []), "sum"],
    pinned: modules.filter((each) => each.pinned).length, averages: null,
  };
}

function reasonsOf({ why }) {
  return why ? why.split(" · ") : [];
}

// At most two reasons, and how many more there are.
function firstReasons(student) {
  const [first, second, ...more] = reasonsOf(student);
  return [first, more.length > 0 ? `${second} +${more.length}` : second].filter(Boolean);
}

// What `last` says: the day of the last activity, or that nothing is known but the day of the last change.
function lastWords({ last }) {
  if (!last) return "No activity";
  return isChange(last) ? `No activity known, ${last}` : `Last activity ${last}`;
}

function isChange(last) {
  return /^[a-z]/.test(last);
}

// The body's rows in order: students, and a heading wherever the group changes.
function withGroups(students) {
  const rows = [];
  let current = null;
  for (const student of students) {
    const group = student.group ?? null;
    if (group !== null && group !== current?.group) {
      current = { group, count: 0 };
      rows.push(current);
    }
    if (current && group !== null) current.count += 1;
    rows.push({ student });
  }
  return rows;
}

function cellText(student, module) {
  student.split ??= student.cells.split(";");
  return student.split[module.at] ?? "?";
}

const read = new Map();

// {state: "N" | "I" | "C" | "X" | "none" | "problem", word, percent, score, marks}; percent and score are text or "".
function readCell(text) {
  let cell = read.get(text);
  if (!cell) {
    if (read.size > 20000) read.clear();
    cell = parseCell(text);
    read.set(text, cell);
  }
  return cell;
}

function parseCell(text) {
  if (text === "") return { state: "none", percent: "", score: "", marks: "" };
  const found = CELL.exec(text);
  if (!found || (found[4] !== undefined && !Number.isFinite(Number(found[4])))) {
    return { state: "problem", percent: "", score: "", marks: "p" };
  }
  const [, begin, other, percent, score, given] = found;
  const word = other ?? LOOKS.statuses[begin].word;
  const marks = Object.keys(LOOKS.marks).filter((mark) => given.includes(mark)).join("");
  return { state: begin[0], word, percent, score: score ?? "", marks };
}

// The mark that needs somebody, the most pressing: it is seen before the status is.
function needOf({ marks }) {
  return LOOKS.marks[/[psf]/.exec(marks)?.[0]];
}

// Cells in the status that is filtered by stand out; a style sheet does the rest.
function showOutlined(node, { outlined }) {
  for (const letter of Object.keys(LOOKS.statuses)) node.classList.toggle(`mx-outlined-${letter}`, letter === outlined);
}

// What else is marked. Where a need is seen first, the status is told here.
function besides(cell) {
  const need = needOf(cell);
  const marks = [...cell.marks].map((mark) => LOOKS.marks[mark]).filter((look) => look !== need);
  return need ? [LOOKS.statuses[cell.state], ...marks] : marks;
}

// What there is to see among cells: each mark that they have, the most pressing first, with how often.
function marksCounted(cells) {
  const marks = cells.flatMap((text) => [...readCell(text).marks]);
  return Object.keys(LOOKS.marks).map((mark) => [mark, marks.filter((each) => each === mark).length])
    .filter(([, count]) => count > 0);
}

function cellFacts(cell, module) {
  if (cell.state === "none") return ["not in this module"];
  if (cell.state === "problem") return ["data problem: a value that cannot be read"];
  const facts = [cell.state === "X" ? cell.word : cell.word.toLowerCase()];
  if (cell.percent !== "") facts.push(`${cell.percent} %`);
  if (cell.score !== "") facts.push(`score ${cell.score}${markWords(module)}`);
  return [...facts, ...[...cell.marks].map((mark) => LOOKS.marks[mark].word.toLowerCase())];
}

function sentence(student, module, cell) {
  return `${student.name}, ${module.name}: ${cellFacts(cell, module).join(", ")}`;
}

// "1 student", "2 students".
function several(count, word) {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

function countsOf(counted) {
  return [counted.completed, counted.inProgress, counted.notStarted, counted.other];
}

function total(counted) {
  return countsOf(counted).reduce((sum, count) => sum + count, 0);
}

function ofTotal(counted) {
  return `${counted.completed} of ${total(counted)}`;
}

function sumOf(counted) {
  const sum = { completed: 0, inProgress: 0, notStarted: 0, other: 0 };
  for (const each of counted) for (const name of Object.keys(sum)) sum[name] += each[name];
  return sum;
}

// A cell with another text, counted anew in its row and column; null where there is none such or nothing is new.
function renewCell(model, studentId, moduleId, text, why) {
  const student = model.students.find((each) => each.id === studentId);
  const module = model.modules.find((each) => each.id === moduleId);
  if (!student || !module || cellText(student, module) === text) return null;
  const was = COUNTS[readCell(cellText(student, module)).state];
  const is = COUNTS[readCell(text).state];
  student.why = why;
  student.split[module.at] = text;
  student.cells = student.split.join(";");
  for (const counted of was && is ? [student, module] : []) {
    counted[was] -= 1;
    counted[is] += 1;
  }
  return { student, module };
}

// Which cells differ: {student, module} pairs, for students and modules that both models know.
function changes(before, after) {
  const known = new Map(before.students.map((student) => [student.id, student]));
  const modules = new Map(before.modules.map((module) => [module.id, module]));
  const sameModules = before.modules.length === after.modules.length
    && before.modules.every((module, at) => module.id === after.modules[at].id);
  const found = [];
  for (const student of after.students) {
    const old = known.get(student.id);
    if (!old || (sameModules && old.cells === student.cells)) continue;
    for (const module of after.modules) {
      const oldModule = modules.get(module.id);
      if (oldModule && cellText(old, oldModule) !== cellText(student, module)) found.push({ student, module });
    }
  }
  return found;
}

function changesSentence(found) {
  const told = found.slice(0, 3).map(({ student, module }) =>
    sentence(student, module, readCell(cellText(student, module))));
  const rest = found.length > told.length ? `; and ${found.length - told.length} more` : "";
  return `${several(found.length, "cell")} changed: ${told.join("; ")}${rest}`;
}
