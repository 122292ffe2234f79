// What its own click takes away, draws anew or switches off leaves the keyboard at the top of the page. The focus goes to
// the same button where there is one, else to what is said of the click, until the button is there.

const SAID = ".words-notice, .words-alert";
let held = null, tried = false, read = null;

function hold(node) {
  if (node === read) return;
  const place = node.closest("[class*='st-key-']");
  const key = [...place?.classList ?? []].find((name) => name.startsWith("st-key-"));
  held = { node, key, text: node.textContent, said: wordsSaid() };
}

function wordsSaid() {
  return new Map([...document.querySelectorAll(SAID)].map((one) => [one, one.textContent]));
}

function sameButton({ node, key, text }) {
  const buttons = key && node.matches("button") ? document.querySelectorAll(`.${CSS.escape(key)} button:enabled`) : [];
  return [...buttons].find((one) => one.textContent === text);
}

function newWords({ said }) {
  const one = [...wordsSaid()].reverse().find(([node, text]) => said.get(node) !== text)?.[0];
  one?.setAttribute("tabindex", "-1");
  return read = one;
}

function lookForFocus() {
  tried = false;
  if (!held || (held.node.isConnected && !held.node.disabled)) return;
  const at = document.activeElement;
  if ([document.body, held.node].includes(at)) (sameButton(held) ?? newWords(held))?.focus();
  else if (at === read) sameButton(held)?.focus();
}

addEventListener("focusin", ({ target }) => hold(target), true);
// What is said before the click is not said of it; and who clicks where the focus was already does not bring it there.
addEventListener("click", () => { if (document.activeElement !== document.body) hold(document.activeElement); }, true);
// Whoever points elsewhere has left it.
addEventListener("pointerdown", () => { held = null; }, true);

new MutationObserver(() => {
  if (tried || !held) return;
  tried = true;
  requestAnimationFrame(lookForFocus);
}).observe(document.body, { childList: true, subtree: true, attributeFilter: ["disabled"] });
