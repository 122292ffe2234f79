// The light tooltip: on hover and on keyboard focus, dismissed by Escape, stays while the pointer is on it.
// It repeats what the cell's own label says, so it is hidden from screen readers.

class Tip {
  constructor(root, look = "mx-tip", hidden = "true") {
    this.box = attrs(el("div", look), { popover: "manual", "aria-hidden": hidden });
    this.box.addEventListener("pointerenter", () => clearTimeout(this.timer));
    this.box.addEventListener("pointerleave", () => this.hide());
    this.target = null;
    root.append(this.box);
  }

  get shown() {
    return this.target !== null;
  }

  offer(target, lines, wait) {
    if (target === this.target) return clearTimeout(this.timer);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.show(target, lines()), this.shown ? 40 : wait);
  }

  leave() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.hide(), 120);
  }

  show(target, lines, isBeside = false) {
    if (!target.isConnected) return;
    this.target = target;
    this.box.replaceChildren(...lines);
    if (!this.box.matches(":popover-open")) this.box.showPopover();
    this.place(target.getBoundingClientRect(), isBeside);
  }

  // Below, or beside it where there is room: who goes down a column sees its next cells.
  place(at, isBeside) {
    const { offsetWidth: width, offsetHeight: height } = this.box;
    if (isBeside && at.right + width + 14 <= innerWidth) {
      const top = Math.max(4, Math.min(at.top, innerHeight - height - 4));
      Object.assign(this.box.style, { top: `${top}px`, left: `${at.right + 6}px` });
      return;
    }
    const below = at.bottom + 6;
    const top = below + height <= innerHeight ? below : Math.max(4, at.top - 6 - height);
    const left = Math.min(Math.max(4, at.left), innerWidth - width - 8);
    Object.assign(this.box.style, { top: `${top}px`, left: `${left}px` });
  }

  hide() {
    clearTimeout(this.timer);
    this.target = null;
    if (this.box.matches(":popover-open")) this.box.hidePopover();
  }
}

function tipLine(look, text) {
  return el("p", "mx-tip-line", look ? symbol(look) : null, text);
}

function cellTip(student, module, canEdit, notSaved) {
  const cell = readCell(cellText(student, module));
  const lines = [
    el("p", "mx-tip-title", named(student.name)),
    el("p", "mx-tip-quiet", named(module.name), ` · ${module.type}`),
  ];
  if (cell.state === "none") return [...lines, tipLine(null, "Not in this module")];
  if (cell.state === "problem") lines.push(tipLine(LOOKS.marks.p, "Data problem: a value that cannot be read"));
  else {
    const words = cell.percent === "" ? cell.word : `${cell.word} · ${cell.percent} %`;
    lines.push(tipLine(LOOKS.statuses[cell.state], words));
    if (cell.score !== "") lines.push(tipLine(null, `Score ${cell.score}${markWords(module)}`));
    lines.push(...[...cell.marks].map((mark) => tipLine(LOOKS.marks[mark], LOOKS.marks[mark].word)));
  }
  if (notSaved) lines.push(tipLine(null, `Typed: ${notSaved.text}. ${notSaved.words}`));
  return [...lines, el("p", "mx-tip-quiet", canEdit ? "Click or Enter: details; type to correct" : "Click or Enter: details")];
}

function whyTip(student) {
  return [el("p", "mx-tip-title", named(student.name)), ...reasonsOf(student).map((reason) => tipLine(null, reason))];
}

// Of what students an average is, and that not begun is 0.
function averageSaid({ averages }, module) {
  const average = averages?.get(module.id);
  if (!average) return [];
  const words = averageWords(average, module);
  return [`${words[0].toUpperCase()}${words.slice(1)}${module.scored ? "" : ", not started counts as 0 %"}`];
}

function countTip(counted, title, quiet, averages) {
  return [
    el("p", "mx-tip-title", named(title)), quiet ? el("p", "mx-tip-quiet", quiet) : null,
    ...spokenOf(countsOf(counted)).map((count, at) => {
      const look = LOOKS.statuses[COUNTED[at]];
      return tipLine(look, `${count} ${look.word.toLowerCase()}`);
    }),
    ...averages.map((words) => tipLine(null, words)),
  ].filter(Boolean);
}
