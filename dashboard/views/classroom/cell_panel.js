// The panel and the browser: Back closes it, and the page stays. For that it has a place of its own in the browser's
// history, which is given up when it is closed in another way. However it is closed, what is being typed in it is sent
// first: a field that is taken off the page says nothing more.

// A run of the page takes an open panel off it and puts it there again.
const AGAIN = 300;

const CROSS = "[role=dialog] button[aria-label=Close]";

let open = false, turns = 0, left = 0;

// Streamlit sends what a field holds a moment after it is left; what is clicked until then goes along with it, and only
// the panel is drawn anew.
const SENT = 50;

function typing() {
  const field = document.activeElement;
  return field?.closest?.("[role=dialog]") && field.matches("input, textarea") ? field : null;
}

function shut() {
  typing()?.blur();
  setTimeout(() => document.querySelector(CROSS)?.click(), SENT);
}

function hasPlace() {
  return history.state?.panel === true;
}

function address() {
  return location.href.replace(/#$/, "");
}

// Streamlit draws the page anew on each way back, but for one to the same page with a "#" in its address.
function takePlace() {
  if (hasPlace()) return;
  history.replaceState(history.state, "", `${address()}#`);
  history.pushState({ panel: true }, "", address());
}

addEventListener("popstate", (event) => {
  // A link within the dashboard is no way back.
  if (!event.isTrusted || hasPlace()) return;
  if (location.href !== address()) history.replaceState(history.state, "", address());
  if (!open) return;
  open = false;
  shut();
});

function shutInstead(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
  shut();
}

addEventListener("keydown", (event) => {
  if (open && event.key === "Escape" && typing()) shutInstead(event);
}, true);

// The cross is clicked by hand, and a field is left by that.
addEventListener("focusout", () => { left = performance.now(); }, true);
addEventListener("click", (event) => {
  if (open && event.isTrusted && event.target.closest(CROSS) && performance.now() - left < SENT) shutInstead(event);
}, true);

function close(turn) {
  if (turn !== turns || !open) return;
  open = false;
  if (hasPlace()) history.back();
}

export default function () {
  turns += 1;
  const turn = turns;
  takePlace();
  open = true;
  return () => setTimeout(() => close(turn), AGAIN);
}
