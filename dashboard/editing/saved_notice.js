// What was just saved, at the foot of the page, and the way to undo it.

class Notice {
  constructor(host) {
    this.text = attrs(el("p", "sn-text"), { role: "status" });
    this.ways = el("span", "sn-ways");
    this.root = attrs(el("div", "sn look", this.text, this.ways), { role: "region", "aria-label": "Just saved" });
    host.append(this.root);
  }

  show([batch, words, href]) {
    followTheme(this.root);
    if (batch === this.batch) return;
    this.batch = batch;
    const button = attrs(el("button", "sn-button", "Dismiss"), { type: "button" });
    button.addEventListener("click", () => {
      this.root.hidden = true;
      this.act(batch);
    });
    this.root.hidden = false;
    this.ways.replaceChildren(link(href, "Undo", "sn-undo"), button);
    // Words that are there when the region appears are not read out; words that come into it are.
    this.text.textContent = "";
    setTimeout(() => { this.text.textContent = words; }, 100);
  }
}

export default mounting(Notice, "dismissed");
