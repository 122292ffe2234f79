// Takes what is typed in the matrix (matrix/entry.js) to the server, and the answers back. What has no answer yet is
// kept in this tab: a page that is loaded anew sends it again, under the same token, and nothing is written twice.

const STORE = "typed-cells";
// The database is away; nothing is heard at all.
const AGAIN = 3000, UNHEARD = 10000;

let place = null, outbox = [], send = null, retry = 0;

function store() {
  const lasting = outbox.filter(({ kind }) => kind !== "ask");
  if (lasting.length > 0) sessionStorage.setItem(STORE, JSON.stringify({ place, lasting }));
  else sessionStorage.removeItem(STORE);
}

// What this person left in this class.
function restored() {
  try {
    const found = JSON.parse(sessionStorage.getItem(STORE));
    return found.place === place ? found.lasting : [];
  } catch {
    return [];
  }
}

function tell(name, detail) {
  dispatchEvent(new CustomEvent(name, { detail }));
}

function sendAll() {
  clearTimeout(retry);
  store();
  send?.(outbox.map(({ token, attempt, kind, student, module, seen, text }) => [token, attempt, kind, student, module, seen, text]));
  if (isWaiting()) retry = setTimeout(sendAll, UNHEARD);
}

// Is there anything that is nowhere but here?
function isWaiting() {
  return outbox.some(({ kind }) => kind !== "ask");
}

addEventListener("matrix-typed", ({ detail }) => {
  // Of what was asked only the last matters.
  outbox = outbox.filter(({ kind }) => kind !== "ask");
  outbox.push({ ...detail, attempt: 0 });
  sendAll();
});

addEventListener("beforeunload", (event) => {
  if (isWaiting() || document.querySelector(".mx-entry")?.value) event.preventDefault();
});

function take([token, attempt, state, words, cell, why, batch]) {
  const sent = outbox.find((one) => one.token === token);
  if (!sent || attempt < sent.attempt) return;
  const isAway = state === "away";
  if (isAway) sent.attempt += 1;
  else outbox = outbox.filter((one) => one !== sent);
  clearTimeout(retry);
  tell("matrix-answer", { ...sent, state, words, cell, why, batch });
  if (isWaiting()) retry = setTimeout(sendAll, isAway ? AGAIN : UNHEARD);
}

export default function ({ data, setStateValue }) {
  if (!data) return;
  const [person, classId, answered, drafted] = data;
  send = (typed) => setStateValue("typed", typed);
  const here = `${person} ${classId}`;
  if (place !== here) {
    place = here;
    outbox = restored();
    if (outbox.length > 0) setTimeout(() => { tell("matrix-sent", outbox); sendAll(); });
  }
  answered.forEach(take);
  store();
  // The matrix may be mounted a little later than this.
  setTimeout(() => tell("matrix-drafts", drafted));
}
