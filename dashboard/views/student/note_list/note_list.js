// Notes on a student, newest first. To withdraw one asks first, right where it stands.

const FORM = ".st-key-asks_note";

function noteText(text) {
  // Its own direction: a note may be written from right to left.
  return attrs(el("p", "nl-text", text), { dir: "auto" });
}

function noteButton(label, about, act) {
  const button = attrs(el("button", "nl-button", label, el("span", "look-unseen", ` ${about}`)), { type: "button" });
  button.addEventListener("click", act);
  return button;
}

function earlierVersions(earlier, isWithdrawn) {
  const count = earlier.length;
  const label = isWithdrawn ? "What it said" : count === 1 ? "Earlier version" : `${count} earlier versions`;
  const versions = earlier.map(([when, text]) => el("li", "nl-version", el("p", "nl-by", when), noteText(text)));
  return el("details", "nl-earlier", el("summary", "", label), el("ol", "nl-versions", ...versions));
}

function ways([id, what, by], tell) {
  const place = el("div", "nl-ways");
  const about = `the ${what.charAt(0).toLowerCase()}${what.slice(1)}, ${by}`;
  const offer = () => place.replaceChildren(
    noteButton("Correct", about, () => {
      document.querySelector(FORM)?.scrollIntoView({ block: "nearest" });
      tell(["correct", id]);
    }),
    noteButton("Withdraw", about, ask),
  );
  const ask = () => {
    const stay = noteButton("Do not withdraw", about, () => { offer(); place.firstChild.focus(); });
    const go = noteButton("Withdraw it for good", about, () => {
      place.replaceChildren();
      tell(["withdraw", id]);
    });
    place.replaceChildren(el("span", "nl-ask", "It stays in the list, marked as withdrawn."), go, stay);
    stay.focus();
  };
  offer();
  return place;
}

function drawNote(entry, correcting, tell) {
  const [id, what, by, text, aside, earlier, isMine] = entry;
  return el("li", id === correcting ? "nl-note nl-open" : "nl-note",
    el("p", "nl-head", el("strong", "", what), el("span", "nl-by", named(by))),
    text === null ? null : noteText(text),
    aside ? el("p", "nl-aside", aside) : null,
    earlier.length ? earlierVersions(earlier, text === null) : null,
    isMine && id !== correcting ? ways(entry, tell) : null,
  );
}

class NoteList {
  constructor(host) {
    this.root = attrs(el("section", "nl look"), { "aria-label": "Notes" });
    host.append(this.root);
  }

  show(data) {
    followTheme(this.root);
    const signature = JSON.stringify(data);
    if (signature === this.signature) return;
    const [entries, empty, correcting] = data;
    const opened = correcting && correcting !== this.correcting && this.signature;
    this.signature = signature;
    this.correcting = correcting;
    const drawn = entries.map((entry) => drawNote(entry, correcting, (event) => this.act(event)));
    this.root.replaceChildren(
      entries.length ? el("ol", "nl-list", ...drawn) : el("p", "nl-empty", empty),
    );
    // The form was drawn before this list was.
    if (opened) requestAnimationFrame(() => document.querySelector(`${FORM} textarea`)?.focus());
  }
}

export default mounting(NoteList);
