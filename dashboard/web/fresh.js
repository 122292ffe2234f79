// Quiet words at the foot of the page while what it shows cannot be renewed: the stream of hints tells, and a page that
// has none asks. They go, and the page is drawn anew, once the database answers again.

const ASK_EVERY = 3000;
// Within these milliseconds it was noticed.
const NOTICED = 10000;
const UNREACHED = { away: "The database", gone: "The dashboard" };

// Whether a stream tells; what was told last; how many questions in a row nobody answered.
let isTold = false, freshness = "fresh", unanswered = 0;

// There before it says anything, or no screen reader hears of it.
const stale = document.createElement("p");
stale.className = "words-stale";
stale.setAttribute("role", "status");
stale.hidden = true;
document.body.append(stale);

function tellFreshness(word) {
  if (word === freshness) return;
  const wasFresh = freshness === "fresh";
  freshness = word;
  stale.hidden = word === "fresh";
  if (word === "fresh") {
    stale.textContent = "";
    redrawSoon();
    return;
  }
  const since = new Date(Date.now() - (wasFresh ? NOTICED : 0));
  if (wasFresh) stale.dataset.since = since.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  stale.textContent = `Not up to date since ${stale.dataset.since}. ${UNREACHED[word]} cannot be reached just now; this `
    + "page updates itself when it can.";
}

async function askFreshness() {
  if (isTold || document.visibilityState === "hidden") return;
  try {
    const answer = await fetch("/fresh", { cache: "no-store", signal: AbortSignal.timeout(2500) });
    unanswered = 0;
    tellFreshness(answer.ok && (await answer.text()) === "away" ? "away" : "fresh");
    if (followed && !isTold && freshness === "fresh") redrawSoon();
  } catch {
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
