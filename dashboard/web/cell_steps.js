// The browser's steps and the cell whose panel is open beside a class, which is in the address (`cell`). To open one is
// a step, which Back takes back; another cell takes the place of the one before. A panel that is closed in another way
// leaves its place to the next, and Back passes it by: a step back by ourselves would be made in the browser's own time,
// and lead away from where somebody went meanwhile.

const stepOn = history.pushState.bind(history);
let wasClosed = Boolean(history.state?.isClosed);

// [the address without its cell, the cell]
function parted(address) {
  const url = new URL(address, location.href), cell = url.searchParams.get("cell");
  url.searchParams.delete("cell");
  return [`${url.pathname}?${url.searchParams}`, cell];
}

function withoutMark() {
  return location.href.replace(/#$/, "");
}

history.pushState = (state, title, to) => {
  const [from, was] = parted(location.href), [rest, cell] = parted(to ?? location.href);
  const { isAbove, isClosed } = history.state ?? {};
  if (rest !== from || cell === was) {
    stepOn(state, title, to);
  } else if (was || isClosed) {
    history.replaceState(cell ? { isAbove: isAbove || isClosed } : { isClosed: isAbove }, "", to);
  } else {
    // Streamlit draws the page anew on each way back, but for one to the same page with a "#" in its address.
    history.replaceState({ ...history.state, isBelow: true }, "", `${withoutMark()}#`);
    stepOn({ isAbove: true }, title, to);
  }
  wasClosed = Boolean(history.state?.isClosed);
};

addEventListener("popstate", (event) => {
  const isPassing = event.isTrusted && wasClosed && history.state?.isBelow;
  wasClosed = Boolean(history.state?.isClosed);
  if (isPassing) history.back();
  else if (history.state?.isBelow) history.replaceState(history.state, "", withoutMark());
});
