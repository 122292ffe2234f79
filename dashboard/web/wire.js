// The page's quiet wire to the browser: keeps cookies, asks before unsaved work is left, and tells
// the page when somebody else changed what it shows. Where a file can be dropped, it puts right what Streamlit draws:
// a place with a name that is marked as decoration, which a screen reader may then pass over.
// It stays mounted from page to page. Told by a stream of hints from our own server; where that cannot be had (another
// server entry, a proxy that buffers), the page looks every few seconds (fresh.js).

// Not at once: after this person's own save the page is already being drawn anew, and a rerun now would begin it again.
const AFTER = 1000;

// Streamlit loses a click whose run is overtaken before it began; and a run of the page takes an open dialog off it
// and puts it there again, under the hands of who types in it.
let touched = -AFTER;
for (const event of ["pointerdown", "keydown", "click", "change"]) {
  addEventListener(event, () => { touched = performance.now(); }, true);
}

// One click is one step back, however often what it leads to writes the address: a page that completes its own by the
// class shown last did so twice, the first time on the page that was left. Somebody may have clicked before this was
// here: then what comes first is a step.
let stepped = navigator.userActivation?.hasBeenActive ? NaN : touched;
const step = history.pushState.bind(history);
history.pushState = (...address) => {
  if (stepped === touched) return history.replaceState(...address);
  stepped = touched;
  return step(...address);
};

// What goes along to the pages of the menu (menu_list.js).
let ways = {};

// Which page was drawn last, by the last part of its address; null where one is no page of the menu.
let drawn = null;

// Which process of the dashboard did, and what it can be told.
let drawnBy = null, tellServer = null;

// Streamlit lets a run begin on the page that was drawn last, wherever the address leads by then: one asked for by us
// would lead back to it.
function isLeaving() {
  return drawn !== null && drawn !== location.pathname.split("/").pop();
}

function isBusy() {
  const isTouched = performance.now() - touched < AFTER;
  return isTouched || isLeaving() || isTyping() || document.querySelector("[role=dialog]") !== null;
}

// What was told to be kept, and what is: each is written once, and after the page is drawn, for writing waits for another
// process of the browser.
let cookies = {};
const kept = new Map();

function keepAll() {
  Object.entries(cookies).filter(([name, value]) => kept.get(name) !== value).forEach(keep);
}
addEventListener("pagehide", keepAll);

// For the connection alone, which is the only thing that reads it: no other request carries it. An earlier version
// kept it for all of them, and of two the wider one would count.
// Its path is told by private/, as `PATH`.
function keep([name, value]) {
  kept.set(name, value);
  const life = value ? 2592000 : 0;
  const sent = `SameSite=Strict${location.protocol === "https:" ? "; Secure" : ""}`;
  document.cookie = `${name}=; path=/; max-age=0; ${sent}`;
  document.cookie = `${name}=${encodeURIComponent(value)}; path=${PATH}; max-age=${life}; ${sent}`;
}

// The page drawn anew, soon and when nobody is in the middle of something on it.
let waiting = 0;

function redrawSoon() {
  if (waiting <= 0) waiting = setTimeout(redraw, AFTER);
}

function redraw() {
  waiting = 0;
  if (document.visibilityState === "hidden") waiting = -1;
  else if (isBusy()) waiting = setTimeout(redraw, AFTER);
  else tell?.(Date.now());
}

document.addEventListener("visibilitychange", () => {
  if (waiting === -1 && document.visibilityState === "visible") redraw();
});

function follow(watched, readAt) {
  const stream = new EventSource(`/live?${watched}&since=${encodeURIComponent(readAt)}`);
  stream.onmessage = redrawSoon;
  stream.onopen = () => { isTold = true; };
  // A browser gives up for good on an answer that is no stream, such as a proxy's while the server is started again:
  // then the next run of the page asks anew. Otherwise it tries again by itself.
  stream.onerror = () => {
    isTold = false;
    isRefused = stream.readyState === EventSource.CLOSED;
  };
  for (const word of ["fresh", "away"]) stream.addEventListener(word, () => tellFreshness(word));
  return () => {
    stream.close();
    isTold = false;
    if (waiting > 0) clearTimeout(waiting);
    waiting = 0;
  };
}

// One page, one wire: what is followed outlives a rerun that follows the same.
let followed = null, isRefused = false, hangUp = null, tell = null;

// What is being typed is sent when the field is left: until then only the browser knows of it.
let unsaved = false, typing = null;
document.addEventListener("input", (event) => {
  if (event.target.closest?.("[class*='st-key-asks_']")) typing = event.target;
});

function isTyping() {
  return typing && typing === document.activeElement && Boolean(typing.value.trim());
}

function askBeforeLeaving(event) {
  if (unsaved || isTyping()) event.preventDefault();
}
window.addEventListener("beforeunload", askBeforeLeaving);

const zones = new MutationObserver(nameZones);

function nameZones() {
  const hidden = document.querySelectorAll("section[role=presentation][aria-label]");
  hidden.forEach((zone) => zone.setAttribute("role", "group"));
}

export default function ({ data, setTriggerValue }) {
  const [told, watched, asks, hasZone, page, carried, shown, readAt, process] = data;
  cookies = told;
  requestAnimationFrame(() => setTimeout(keepAll));
  unsaved = asks;
  drawn = page;
  drawnBy = process;
  tellServer = setTriggerValue;
  ways = carried;
  Object.assign(document.documentElement.dataset, { page: page ?? "", shown });
  // A dialog floats outside of the app: its words take their colours from here.
  const app = document.querySelector(".stApp");
  if (app) document.body.style.colorScheme = getComputedStyle(app).colorScheme;
  zones.disconnect();
  if (hasZone) {
    zones.observe(document.body, { childList: true, subtree: true });
    nameZones();
  }
  tell = (moment) => setTriggerValue("changed", moment);
  if (watched === followed && !isRefused) return;
  if (hangUp) hangUp();
  isRefused = false;
  followed = watched;
  hangUp = watched ? follow(watched, readAt) : null;
}
