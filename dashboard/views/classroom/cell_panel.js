// The panel and the browser: Back closes it, and the page stays. For that it has a place of its own in the browser's
// history, over one that knows that it lies below. A panel that is closed in another way leaves its place to the next:
// a step back is made in the browser's own time, and would close that one, or lead away from where a link has led to.
// Back passes both places at once then. While a panel is open its place tells which cell it is of, so that a page that
// is loaded anew opens it again (matrix/main.js). However a panel is closed, what is being typed in it is sent first: a field
// that is taken off the page says nothing more.

const CROSS = "[role=dialog] button[aria-label=Close]";

// When a field was left; and whether the browser stood in the panel's place before a step.
let left = 0, isAbove = false;

function cross() {
  return document.querySelector(CROSS);
}

// Streamlit sends what a field holds a moment after it is left; what is clicked until then goes along with it, and only
// the panel is drawn anew.
const SENT = 50;

function typing() {
  const field = document.activeElement;
  return field?.closest?.("[role=dialog]") && field.matches("input, textarea") ? field : null;
}

function shut() {
  typing()?.blur();
  setTimeout(() => cross()?.click(), SENT);
}

function address() {
  return location.href.replace(/#$/, "");
}

function hasPlace() {
  return history.state?.panel !== undefined;
}

function keepPlace(panel) {
  history.replaceState({ panel }, "", address());
}

// Streamlit draws the page anew on each way back, but for one to the same page with a "#" in its address.
function takePlace(panel) {
  if (hasPlace()) keepPlace(panel);
  else {
    history.replaceState({ below: true }, "", `${address()}#`);
    history.pushState({ panel }, "", address());
  }
  isAbove = true;
}

// A run of the page takes an open panel off it and puts it there again.
function leavePlace() {
  if (hasPlace()) keepPlace(false);
}

addEventListener("popstate", (event) => {
  const wasAbove = isAbove;
  isAbove = hasPlace();
  // A link within the dashboard is no way back.
  if (!event.isTrusted || !history.state?.below) return;
  history.replaceState(history.state, "", address());
  if (cross()) shut();
  else if (wasAbove) history.back();
});

function shutInstead(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
  shut();
}

// A dialog hears a key only from within, and with a button that a click took away the focus is on nothing.
addEventListener("keydown", (event) => {
  const isHeard = document.activeElement !== document.body && !typing();
  if (event.key === "Escape" && cross() && !isHeard) shutInstead(event);
}, true);

// The cross is clicked by hand, and a field is left by that.
addEventListener("focusout", () => { left = performance.now(); }, true);
addEventListener("click", (event) => {
  if (event.isTrusted && event.target.closest(CROSS) && performance.now() - left < SENT) shutInstead(event);
}, true);

export default function ({ data }) {
  takePlace(data);
  return leavePlace;
}
