// The page's head, if it has one here, and the row of sections: links, the open one marked as the current.

class Sections {
  constructor(host) {
    this.head = el("div", "sb-head");
    this.list = el("ul", "sb-list");
    this.ways = el("nav", "sb-ways", this.list);
    this.root = el("div", "sb look", this.head, this.ways);
    host.append(this.root);
    this.drawn = new Map();
  }

  show([ways, head, label]) {
    followTheme(this.root);
    attrs(this.ways, { "aria-label": label });
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
    const focused = [...node.querySelectorAll("a")].indexOf(document.activeElement);
    node.replaceChildren(...make());
    if (focused >= 0) node.querySelectorAll("a")[focused]?.focus({ preventScroll: true });
  }

  opening(title, who, answer, points, nothing) {
    const told = points.length === 0 ? el("p", "sb-nothing", nothing) : el("ul", "sb-points", ...points.map(point));
    return [
      el("h1", "words-h1", named(title)),
      el("p", "words-quiet", named(who)),
      el("p", "words-answer", answer),
      attrs(el("section", "sb-attention", told), { "aria-label": "What needs attention" }),
    ];
  }
}

function point([need, ways, rule]) {
  const look = LOOKS.needs[need];
  const found = ways.map(([href, sentence]) => el("li", "", link(href, sentence, "sb-why")));
  const text = el("div", "sb-point", el("ul", "sb-found", ...found), el("p", "sb-rule", rule));
  return el("li", "", el("span", `look-ink-${look.name}`, symbol(look)), text);
}

export default mounting(Sections);
