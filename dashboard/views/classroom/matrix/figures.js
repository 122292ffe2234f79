// Figures as people read them: a score never looks like a percentage, nor either like the limit that it is not.

// To the nearest, halves up, by the digits and not by what a float makes of them; exact beyond 0 to 100, and where it
// would look like one of these limits that it is not. As figure_beside() in data/i18n/formats.py.
function scoreFigure(text, limit = 0) {
  const shown = round1(text);
  const misleads = [0, 100, limit].some((each) => shown === round1(String(each)) && Number(text) !== each);
  return misleads || Number(text) < 0 || Number(text) > 100 ? text : shown;
}

function round1(text) {
  const [whole, part = ""] = text.split(".");
  const tenths = Number(whole + (part[0] ?? "0")) + (part[1] >= "5" ? 1 : 0);
  return String(tenths / 10);
}

// Only everything is 100 and only nothing is 0.
function share(part, whole) {
  if (whole === 0) return "–";
  const nearest = Math.floor((200 * part + whole) / (2 * whole));
  if (nearest === 0 && part > 0) return "< 1 %";
  return nearest === 100 && part < whole ? "> 99 %" : `${nearest} %`;
}

// The figure of a cell: a score beside its pass mark, or a percentage; a bare 0 is not said.
function figure(cell, module) {
  if (module.scored && cell.score !== "") return besideMark(scoreFigure(cell.score, module.passMark), module);
  if (cell.percent === "" || (cell.state === "N" && Number(cell.percent) === 0)) return "";
  return `${cell.percent} %`;
}

// Where there is no room for both they break before the stroke.
function besideMark(score, { passMark }) {
  return `${score} /\u00a0${passMark}`;
}

function markWords({ scored, passMark }) {
  return scored ? `, pass mark ${passMark}` : "";
}
