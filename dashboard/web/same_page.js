// Where Streamlit's own link leads to another view of the same page, it draws that and leaves the address as it was:
// a reload, Back, and an address that is passed on would show something else. By the address, as our own links do.

addEventListener("click", (event) => {
  const way = event.target.closest?.(".stPageLink a");
  if (way?.pathname !== location.pathname || event.button !== 0) return;
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  event.stopPropagation();
  history.pushState({}, "", way.href);
  dispatchEvent(new PopStateEvent("popstate", { state: {} }));
}, true);
