// The page's head, if it has one here, and the row of sections: links, the open one marked as the current.

class Sections {
  constructor(host) {
    this.head = el("div", "sb-head");
    this.list = el("ul", "sb-list");
    this.ways = el("nav", "sb-ways", this.list);
    this.say = attrs(el("p", "look-unseen"), { role: "status" });
    this.root = el("div", "sb look", this.head, this.ways);
    host.append(this.root);
    this.drawn = new Map();
    this.pressed = (event) => this.goOn(event);
    addEventListener("keydown", this.pressed);
  }

  close() {
    removeEventListener("keydown", this.pressed);
  }

  show([ways, head, label]) {
    followTheme(this.root);
    attrs(this.ways, { "aria-label": label });
    this.tell(head?.[0], head?.[5]);
    this.replace(this.head, head, () => (head ? this.opening(...head) : []));
    this.replace(this.list, ways, () => ways.map(([href, title, isOpen]) => {
      const way = link(href, title, "sb-link");
      return el("li", "", isOpen ? attrs(way, { "aria-current": "page" }) : way);
    }));
  }

  // What did not change stays as it is; what has the focus keeps its place.
  replace(node, data, make) {
    const signature = JSON.stringify(data);
    if (this.drawn.get(node) === signature) return;
    this.drawn.set(node, signature);
    const at = document.activeElement;
    const focused = [...node.querySelectorAll("a")].indexOf(at), { step } = at.dataset;
    node.replaceChildren(...make());
    if (focused < 0) return;
    // At the end of a list the way back is where the way on was.
    const ways = step ? node.querySelectorAll(`[data-step=${step}], [data-step]`) : node.querySelectorAll("a");
    const way = step ? [...ways].find((one) => one.dataset.step === step) ?? ways[0] : ways[focused];
    way?.focus({ preventScroll: true });
  }

  // Whoever goes on to the next hears who that is.
  tell(title, place) {
    const words = place ? `${title}, ${place[2]} of ${place[3]}` : "";
    if (words) this.root.append(this.say);
    if (this.told && words) this.say.textContent = words;
    this.told = words;
    this.place = place;
  }

  // Alt with a letter: a letter alone would be in the way of who speaks to their computer.
  goOn({ code, altKey, ctrlKey, metaKey, shiftKey, target }) {
    if (!this.place || !altKey || ctrlKey || metaKey || shiftKey) return;
    if (document.querySelector("dialog[open], [role=dialog]") || target.closest?.("input, textarea, select")) return;
    const href = { KeyP: this.place[4], KeyN: this.place[5] }[code];
    if (href) goTo(href);
  }

  opening(title, who, answer, points, nothing, place) {
    const told = points.length === 0 ? el("p", "sb-nothing", nothing) : el("ul", "sb-points", ...points.map(point));
    return [
      place && placeInList(place),
      el("h1", "words-h1", named(title)),
      el("p", "words-quiet", named(who)),
      el("p", "words-answer", answer),
      attrs(el("section", "sb-attention", told), { "aria-label": "What needs attention" }),
    ].filter(Boolean);
  }
}

function placeInList([title, href, number, of, before, after]) {
  const where = el("span", "sb-where", `${number} of ${of}, `, link(href, title, "sb-why"));
  return attrs(el("nav", "sb-place", step("Previous", "P", before), step("Next", "N", after), where), {
    "aria-label": "The list one came from",
  });
}

function step(word, letter, href) {
  const node = href ? link(href, word, "sb-step") : attrs(el("span", "sb-step", word), { role: "link", "aria-disabled": "true" });
  if (href) attrs(node, { "data-step": word, "aria-keyshortcuts": `Alt+${letter}`, title: `${word} student (Alt+${letter})` });
  return node;
}

function point([need, ways, rule]) {
  const look = LOOKS.needs[need];
  const found = ways.map(([href, sentence]) => el("li", "", link(href, sentence, "sb-why")));
  const text = el("div", "sb-point", el("ul", "sb-found", ...found), el("p", "sb-rule", rule));
  return el("li", "", el("span", `look-ink-${look.name}`, symbol(look)), text);
}

export default mounting(Sections);
