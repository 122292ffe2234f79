// A button that looks like a field, and the box that it opens: what is typed, and what was found for it. The box is a
// dialog of the browser's own: the rest of the page waits, Escape closes it, and the focus is where it was.

// Which were opened last, by their ids alone, whoever they are.
const OPENED = "progress_opened";
const LENS = {
  name: "lens",
  symbol: "M5 1a4 4 0 1 0 2.3 7.3L10 11l1-1-2.7-2.7A4 4 0 0 0 5 1zm0 1.4a2.6 2.6 0 1 1 0 5.2 2.6 2.6 0 0 1 0-5.2z",
};
const WAIT = 90;
const AGAIN = 2500;

class Search {
  constructor(host) {
    this.button = attrs(el("button", "se-open", symbol(LENS), el("span", "se-word", "Search"), el("kbd", "", "/")), {
      type: "button", "aria-label": "Search students, classes and modules", "aria-haspopup": "dialog",
      "aria-keyshortcuts": "/ Control+K", title: "Search students, classes and modules ( / )",
    });
    this.input = attrs(el("input", "se-input"), {
      type: "text", role: "combobox", id: "se-input", maxlength: 100, autocomplete: "off", autocapitalize: "off",
      spellcheck: "false", enterkeyhint: "go", "aria-label": "Students, classes and modules",
      "aria-autocomplete": "list", "aria-controls": "se-list", "aria-expanded": "false",
      placeholder: "A name, e-mail or number",
    });
    const close = attrs(el("button", "se-close", "Close"), { type: "button" });
    this.told = attrs(el("p", "se-told"), { role: "status" });
    this.list = attrs(el("div", "se-list"), { role: "listbox", id: "se-list", "aria-label": "Found" });
    this.box = attrs(el("dialog", "se-box", el("div", "se-line", this.input, close), this.told, this.list), {
      "aria-label": "Search",
    });
    this.root = el("div", "se look", this.button, ...copyLink(), this.box);
    host.append(this.root);
    this.button.addEventListener("click", () => this.open());
    close.addEventListener("click", () => this.box.close());
    this.box.addEventListener("close", () => clearTimeout(this.waiting));
    this.box.addEventListener("click", (event) => { if (event.target === this.box) this.box.close(); });
    this.input.addEventListener("input", () => { this.isEntered = false; this.ask(); });
    this.input.addEventListener("keydown", (event) => this.pressed(event));
    this.shortcut = (event) => this.isShortcut(event) && (event.preventDefault(), this.open());
    // Before what else hears keys: a matrix's own, and the browser's search of the page.
    addEventListener("keydown", this.shortcut, true);
    this.leaving = () => this.remember();
    addEventListener("click", this.leaving, true);
    this.early = window.earlyKeys?.take() ?? null;
  }

  close() {
    removeEventListener("keydown", this.shortcut, true);
    removeEventListener("click", this.leaving, true);
  }

  show([person, mostOpened, most, typed, found, wrong]) {
    followTheme(this.root);
    Object.assign(this, { person, mostOpened, most });
    this.remember();
    if (this.early !== null) this.open(this.early);
    this.early = null;
    // An answer that came too late for what is typed by now.
    if (!this.box.open || typed !== this.input.value.trim()) return;
    clearTimeout(this.waiting);
    this.draw(typed, found, wrong);
  }

  isShortcut({ key, ctrlKey, metaKey, altKey, target }) {
    if (this.box.open || document.querySelector("dialog[open], [role=dialog]") !== null) return false;
    if ((ctrlKey || metaKey) && !altKey && key.toLowerCase() === "k") return true;
    if (key !== "/" || ctrlKey || metaKey || altKey) return false;
    return !target.closest?.("input, textarea, select, [contenteditable=true]");
  }

  open(typed = "") {
    this.remember();
    this.input.value = typed;
    this.drawn = null;
    this.isEntered = false;
    this.told.textContent = "";
    this.list.replaceChildren();
    this.choose(-1);
    this.box.showModal();
    this.input.focus();
    this.ask();
  }

  ask() {
    clearTimeout(this.waiting);
    const typed = this.input.value.trim();
    // What this page shows is no way to anywhere.
    const opened = this.opened().filter((id) => !location.search.includes(id)).slice(0, this.mostOpened);
    const now = () => {
      this.act([this.person, typed, opened]);
      // Streamlit loses what is told while a run is overtaken before it began.
      this.waiting = setTimeout(now, AGAIN);
    };
    this.waiting = setTimeout(now, typed ? WAIT : 0);
  }

  draw(typed, found, wrong) {
    const options = found.map((one, at) => this.option(at, one));
    this.list.replaceChildren(...options);
    this.told.textContent = wrong || said(typed, found, this.most);
    this.input.setAttribute("aria-expanded", String(options.length > 0));
    this.choose(options.length > 0 ? 0 : -1);
    this.drawn = typed;
    // Not amid Streamlit's own drawing, which would not hear of another page.
    if (this.isEntered) setTimeout(() => this.enter());
  }

  // Whoever types fast enters what is found for all of it, and not what is on the list still.
  enter() {
    this.isEntered = this.drawn !== this.input.value.trim();
    if (!this.isEntered) this.list.children[this.at]?.click();
  }

  option(at, [kind, href, name, beside, isHere]) {
    const gone = isHere ? null : kind === "class" ? "archived" : "left";
    const words = [kind, gone, beside].filter(Boolean).join(" · ");
    const way = link(href, name, "se-option");
    way.append(el("span", "se-beside", words));
    way.addEventListener("click", () => { this.keep(href); this.box.close(); });
    way.addEventListener("pointermove", () => this.choose(at));
    return attrs(way, { role: "option", id: `se-option-${at}`, tabindex: -1, "aria-selected": "false" });
  }

  choose(at) {
    this.at = at;
    [...this.list.children].forEach((one, place) => one.setAttribute("aria-selected", String(place === at)));
    const chosen = this.list.children[at];
    if (!chosen) return this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-activedescendant", chosen.id);
    chosen.scrollIntoView({ block: "nearest" });
  }

  pressed(event) {
    const count = this.list.children.length;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && count > 0) {
      event.preventDefault();
      this.choose((this.at + step + count) % count);
    } else if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      this.enter();
    }
  }

  opened() {
    try {
      const kept = JSON.parse(localStorage.getItem(OPENED) ?? "null");
      return kept?.person === this.person ? kept.ids : [];
    } catch {
      return [];
    }
  }

  // What this page shows counts as opened, whichever way led to it.
  remember() {
    if (/[/](student|classroom|module)$/.test(location.pathname)) this.keep(location.search);
  }

  keep(address) {
    const id = /[?&](?:student|class|module)=([\w-]{36})/.exec(address)?.[1];
    if (!id || !this.person) return;
    const ids = [id, ...this.opened().filter((one) => one !== id)].slice(0, this.mostOpened + 1);
    try {
      localStorage.setItem(OPENED, JSON.stringify({ person: this.person, ids }));
    } catch {
      // A browser that keeps nothing finds all the same.
    }
  }
}

function said(typed, found, most) {
  if (!typed) return found.length > 0 ? "Opened last" : "";
  if (found.length === 0) return `Nobody and nothing found for “${typed}”.`;
  if (found[0][5]) return "Nothing is written so. Similar:";
  const isMore = ["student", "class", "module"].some((kind) => found.filter((one) => one[0] === kind).length === most);
  return isMore ? "The first few of each kind. Another word finds fewer." : `${found.length} found`;
}

export default mounting(Search);
