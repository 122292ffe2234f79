// On a phone Streamlit lists the pages of a group in a <div> amid the items of the menu's list, which then is none: have
// it be one item, with its pages in it.

function mendMenu() {
  for (const group of document.querySelectorAll('nav[aria-label="App pages"] ul > div:not([role])')) {
    group.setAttribute("role", "listitem");
    group.querySelectorAll("li").forEach((one) => one.setAttribute("role", "none"));
  }
}

// Who opens a page of the menu in another tab has no session there that knows what goes along: its address says it.
const inMenu = ({ target }) => target.closest?.('nav[aria-label="App pages"] a[href], a[role=menuitem][href]');

function carryAlong(event) {
  const way = inMenu(event);
  if (way) way.search = ways[way.pathname.split("/").pop()] ?? "";
}

for (const event of ["pointerover", "focusin"]) addEventListener(event, carryAlong, true);
// Streamlit would open it here, whichever keys are held.
addEventListener("click", (event) => {
  if (inMenu(event) && (event.ctrlKey || event.metaKey || event.shiftKey)) event.stopPropagation();
}, true);
new MutationObserver(mendMenu).observe(document.body, { childList: true, subtree: true });
mendMenu();
