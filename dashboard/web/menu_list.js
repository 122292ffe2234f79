// On a phone Streamlit lists the pages of a group in a <div> amid the items of the menu's list, which then is none: have
// it be one item, with its pages in it.

function mendMenu() {
  for (const group of document.querySelectorAll('nav[aria-label="App pages"] ul > div:not([role])')) {
    group.setAttribute("role", "listitem");
    group.querySelectorAll("li").forEach((one) => one.setAttribute("role", "none"));
  }
}

new MutationObserver(mendMenu).observe(document.body, { childList: true, subtree: true });
mendMenu();
