// The row of sections: links, the open one marked as the current.

const bars = new WeakMap();

class Sections {
  constructor(host) {
    this.list = el("ul", "sb-list");
    this.root = attrs(el("nav", "sb look", this.list), { "aria-label": "Sections of this page" });
    host.append(this.root);
  }

  show(ways) {
    followTheme(this.root);
    const signature = JSON.stringify(ways);
    if (signature === this.signature) return;
    this.signature = signature;
    const focused = [...this.list.querySelectorAll("a")].indexOf(document.activeElement);
    this.list.replaceChildren(...ways.map(([href, title, isOpen]) => {
      const way = link(href, title, "sb-link");
      return el("li", "", isOpen ? attrs(way, { "aria-current": "page" }) : way);
    }));
    if (focused >= 0) this.list.querySelectorAll("a")[focused]?.focus({ preventScroll: true });
  }
}

export default function ({ data, parentElement }) {
  if (!data) return undefined;
  let bar = bars.get(parentElement);
  if (!bar) {
    bar = new Sections(parentElement);
    bars.set(parentElement, bar);
  }
  bar.show(data);
  return undefined;
}
