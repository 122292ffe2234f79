// What was typed in cells and is on its way, refused, in conflict or in the draft: shown in its cell until it is saved. Sent to
// the server by ../entry/wire.js, whose answers are shown beside the cell they are of.

// How long an answer that needs nobody is to be read.
const READ = 6000;
const STUCK = ["refused", "conflict", "draft"];

class Unsaved {
  constructor(view) {
    this.view = view;
    this.note = new Tip(view.root, "mx-note", null);
    // By student and module: {student, module, text, state, words}; and what can be undone, the last one last.
    this.waiting = new Map();
    this.saved = [];
    // Whether something is to be undone that the server has not answered yet.
    this.owes = false;
    this.heard = {
      "matrix-answer": ({ detail }) => this.answer(detail),
      "matrix-drafts": ({ detail }) => this.drafted(detail),
      "matrix-sent": ({ detail }) => detail.filter(({ kind }) => kind === "save").forEach((one) => this.wait(one, "sent", "")),
    };
    for (const [name, hear] of Object.entries(this.heard)) addEventListener(name, hear);
  }

  close() {
    for (const [name, hear] of Object.entries(this.heard)) removeEventListener(name, hear);
    this.note.hide();
  }

  of(found) {
    return this.waiting.get(pairOf(idsOf(found)));
  }

  isStuck(found) {
    return STUCK.includes(this.of(found)?.state);
  }

  get stuck() {
    return [...this.waiting.values()].filter(({ state }) => state !== "sent");
  }

  // Returns the token that its answer comes under.
  send(kind, one) {
    const token = newToken();
    if (kind === "save") this.wait(one, "sent", "");
    dispatchEvent(new CustomEvent("matrix-typed", { detail: { token, kind, ...one } }));
    return token;
  }

  wait({ student, module, text }, state, words) {
    this.waiting.set(pairOf({ student, module }), { student, module, text, state, words });
    this.renewed({ student, module });
  }

  done(one) {
    this.waiting.delete(pairOf(one));
    this.renewed(one);
  }

  renewed(one) {
    refillAt(this.view, one);
    if (this.view.model) this.view.tellUnder();
  }

  answer({ token, kind, student, module, text, state, words, cell, why, batch }) {
    if (kind === "ask") return this.view.entry.advised(token, words);
    const one = { student, module, text };
    if (cell !== null) this.view.renew({ student, module, cell, why });
    if (kind === "save" && ["refused", "conflict", "away"].includes(state)) this.wait(one, state, words);
    else this.done(one);
    if (batch) this.saved.push({ student, module, batch });
    if (state !== "dropped") this.show(one, state, words);
    if (this.owes) this.undo();
    return undefined;
  }

  // What the draft of the class holds, from this page or another.
  drafted(all) {
    const kept = new Set(all.map(([student, module]) => pairOf({ student, module })));
    for (const [student, module, text] of all) {
      if (!this.waiting.has(pairOf({ student, module }))) this.wait({ student, module, text }, "draft", "Not saved: kept as a draft.");
    }
    for (const [pair, one] of this.waiting) if (one.state === "draft" && !kept.has(pair)) this.done(one);
  }

  drop(found) {
    const one = idsOf(found);
    this.done(one);
    this.note.hide();
    this.send("drop", { ...one, seen: cellText(found.student, found.module), text: "" });
  }

  // What was typed last, be it on its way still.
  undo() {
    this.owes = [...this.waiting.values()].some(({ state }) => state === "sent");
    if (this.owes) return;
    const last = this.saved.pop();
    if (last) this.send("undo", { ...last, seen: "", text: last.batch });
    else this.view.say.textContent = "Nothing typed here to undo";
  }

  show(one, state, words) {
    this.view.say.textContent = words;
    this.noteOn(one, state, words);
  }

  // The cell's own label says it to who hears the page.
  showAgain(found) {
    const { state, words } = this.of(found);
    this.noteOn(idsOf(found), state, words);
  }

  noteOn(one, state, words) {
    const cell = cellOfIds(this.view, one);
    if (!cell || this.view.entry.open) return;
    this.view.tip.hide();
    const ways = [];
    if (state === "saved") ways.push(wayOn("Undo", "Ctrl+Z", () => this.undo()));
    if (STUCK.includes(state)) {
      ways.push(wayOn("Type again", "Enter", () => this.takeUp(one, (found) => this.view.entry.begin(found))));
      const back = state === "conflict" ? "Leave theirs" : "Take back";
      ways.push(wayOn(back, "Escape", () => this.takeUp(one, (found) => this.drop(found))));
    }
    this.note.show(cell, [tipLine(null, words), ...(ways.length > 0 ? [el("p", "mx-ways", ...ways)] : [])], true);
    clearTimeout(this.reading);
    if (!STUCK.includes(state)) this.reading = setTimeout(() => this.note.hide(), READ);
  }

  // By a hand that is elsewhere: the keyboard goes to the cell first.
  takeUp(one, act) {
    const { grid } = this.view;
    const at = placeOfIds(grid, one);
    if (!at) return;
    moveTo(grid, at.r, at.c);
    act?.(cellAt(grid, at));
  }

  // Over what a cell shows.
  paint(cell, found) {
    const waiting = this.waiting.size > 0 ? this.of(found) : undefined;
    if (!waiting) return;
    const { text, state, words } = waiting;
    cell.classList.add("mx-unsaved", `mx-unsaved-${state}`);
    cell.textContent = text;
    cell.setAttribute("aria-label", `${cell.getAttribute("aria-label")}. Typed: ${text}. ${words || "Being saved"}`);
  }
}

function idsOf({ student, module }) {
  return { student: student.id, module: module.id };
}

function pairOf({ student, module }) {
  return `${student} ${module}`;
}

// Where a student and a module are now; null where they are not shown.
function placeOfIds(grid, { student, module }) {
  const r = grid.view.model.rows.findIndex((row) => row.student?.id === student);
  const c = (grid.columns ?? []).findIndex((column) => column.module?.id === module);
  return r < 0 || c < 0 ? null : { r, c };
}

function cellOfIds({ grid, model, narrow }, one) {
  const at = model && !narrow ? placeOfIds(grid, one) : null;
  return (at && grid.lines.get(at.r)?.cells.get(at.c)) ?? null;
}

function refillAt(view, one) {
  const cell = cellOfIds(view, one);
  if (!cell) return;
  const { r, c } = placeOfIds(view.grid, one);
  fillStudentCell(view, cell, view.model.rows[r].student, view.grid.columns[c]);
  view.grid.setPlace(cell, view.grid.columns[c]);
}

// With the key that does the same: the keyboard stays in the grid.
function wayOn(label, key, act) {
  const button = attrs(el("button", "mx-way", label, el("kbd", "", key)), { type: "button", tabindex: "-1" });
  button.addEventListener("click", act);
  return button;
}

// A UUID, also where the page came over plain http, whose pages have no crypto.randomUUID.
function newToken() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
