// Quiet words at the foot of the page while what it shows cannot be renewed: the stream of hints tells, and a page that
// has none asks. They go, and the page is drawn anew, once the database answers again.

const ASK_EVERY = 3000;
// Within these milliseconds it was noticed.
const NOTICED = 10000;
const UNREACHED = { away: "The database", gone: "The dashboard" };

// Who answers is asked a few times in a row, twice before a page says something of it: while a process is replaced, the
// answers change once.
const IN_A_ROW = 6, ASK_WHO_AGAIN = 10000, ASK_WHO_EVERY = 300000;
const REACHED = {
  own: "",
  other: "Files and uploads do not work on this page until it is loaded again.",
  scattered: "Files, uploads and news of changes reach this page only now and then. Tell whoever runs the dashboard: its "
    + "proxy sends one browser to several processes.",
};

// Whether a stream tells; what was told last; how many questions in a row nobody answered.
let isTold = false, freshness = "fresh", unanswered = 0;

// There before it says anything, or no screen reader hears of it.
const stale = document.createElement("p");
stale.className = "words-stale";
stale.setAttribute("role", "status");
stale.hidden = true;
document.body.append(stale);

// Of which process it was found out what its page's questions reach, how often in a row, and when that is asked again.
let askedOf = null, reached = "own", times = 0, askWhoAt = 0;

function say(sentence) {
  stale.hidden = !sentence;
  stale.textContent = sentence;
}

function tellFreshness(word) {
  if (word === freshness) return;
  const wasFresh = freshness === "fresh";
  freshness = word;
  if (word === "fresh") {
    sayReached();
    redrawSoon();
    return;
  }
  const since = new Date(Date.now() - (wasFresh ? NOTICED : 0));
  if (wasFresh) stale.dataset.since = since.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  say(`Not up to date since ${stale.dataset.since}. ${UNREACHED[word]} cannot be reached just now; this page updates itself `
    + "when it can.");
}

function sayReached() {
  if (freshness === "fresh") say(times > 1 ? REACHED[reached] : "");
}

async function ask() {
  const answer = await fetch("/fresh", { cache: "no-store", signal: AbortSignal.timeout(2500) });
  return answer.ok ? (await answer.text()).split(" ") : [];
}

// Files, uploads and hints are had of the process alone on which the page is open.
async function askWho() {
  if (askedOf !== drawnBy) [askedOf, reached, times, askWhoAt] = [drawnBy, "own", 0, 0];
  if (drawnBy === null || Date.now() < askWhoAt) return;
  askWhoAt = Date.now() + ASK_WHO_EVERY;
  const who = new Set();
  for (let asked = 0; asked < IN_A_ROW; asked += 1) who.add((await ask())[1]);
  if (askedOf !== drawnBy || who.has(undefined)) return;
  const word = who.size > 1 ? "scattered" : who.has(drawnBy) ? "own" : "other";
  times = word === reached ? times + 1 : 1;
  reached = word;
  if (times === 1 && word !== "own") askWhoAt = Date.now() + ASK_WHO_AGAIN;
  sayReached();
  if (times === 2 && word === "scattered") tellServer("scattered", Date.now());
}

async function askFreshness() {
  if (document.visibilityState === "hidden") return;
  try {
    await askWho();
    if (isTold) return;
    const [word] = await ask();
    unanswered = 0;
    tellFreshness(word === "away" ? "away" : "fresh");
    if (followed && !isTold && freshness === "fresh") redrawSoon();
  } catch {
    askWhoAt = 0;
    if (isTold) return;
    unanswered += 1;
    if (unanswered > 1) tellFreshness("gone");
  }
}

// A page that comes back to a server which does not know it is not drawn by itself, and its next click would be lost:
// the process was ended, and another serves it now.
function redrawOnReturn(changes) {
  const [change] = changes.slice(-1);
  if (change.target.getAttribute(CONNECTION) === "CONNECTED") redraw();
}
new MutationObserver(redrawOnReturn).observe(document.body, { subtree: true, attributeFilter: [CONNECTION] });

setInterval(askFreshness, ASK_EVERY);
document.addEventListener("visibilitychange", askFreshness);
