// The first script of a page, before what draws it: who asks for the search before it is there gets it once it is, with
// what was typed after. search.js takes this over.

const early = { typed: null };

function hold(event) {
  const { key, ctrlKey, metaKey, altKey } = event;
  const isCommand = ctrlKey || metaKey || altKey;
  // Who has come to something that is there already uses that.
  if (event.target !== document.body) return;
  if (early.typed === null) {
    const asks = isCommand ? (ctrlKey || metaKey) && !altKey && key.toLowerCase() === "k" : key === "/";
    if (!asks) return;
    early.typed = "";
  } else if (isCommand) return;
  else if (key === "Escape") early.typed = null;
  else if (key === "Backspace") early.typed = early.typed.slice(0, -1);
  else if ([...key].length === 1) early.typed += key;
  else return;
  event.preventDefault();
  event.stopImmediatePropagation();
}

early.take = () => {
  removeEventListener("keydown", hold, true);
  const { typed } = early;
  early.typed = null;
  return typed;
};
addEventListener("keydown", hold, true);
window.earlyKeys = early;
