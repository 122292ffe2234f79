// In the page: from a person's event (capture phase) until what is expected is in the DOM and two frames later.
// Conditions are [css, text] pairs: some element that fits the selector holds the text (null: none asked).
(() => {
  const met = ([css, text]) => {
    if (text === null) return document.querySelector(css) !== null;
    return [...document.querySelectorAll(css)].some((node) => node.textContent.includes(text));
  };

  class Stopwatch {
    arrived = 0;

    // event: "click", "keydown" (of Enter), or "now" to begin at once. Returns whether all is there already.
    // The result: `ms` until painted, `answered` until the last message that came before, both from the event.
    arm(event, conditions) {
      if (conditions.every(met)) return true;
      this.disarm?.();
      this.result = new Promise((resolve, reject) => {
        const begin = (fired) => {
          if (fired && event === "keydown" && fired.key !== "Enter") return;
          removeEventListener(event, begin, true);
          this.watch(performance.now(), conditions, resolve, reject);
        };
        if (event === "now") begin(null);
        else addEventListener(event, begin, true);
        this.disarm = () => removeEventListener(event, begin, true);
      });
      this.result.catch(() => {});
      return false;
    }

    watch(begun, conditions, resolve, reject) {
      const fail = setTimeout(() => {
        observer.disconnect();
        reject(new Error(`never painted: ${JSON.stringify(conditions.filter((each) => !met(each)))}`));
      }, 30000);
      const painted = () => resolve({ ms: performance.now() - begun, answered: this.arrived - begun });
      const observer = new MutationObserver(() => {
        if (!conditions.every(met)) return;
        observer.disconnect();
        clearTimeout(fail);
        requestAnimationFrame(() => requestAnimationFrame(painted));
      });
      observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    }
  }

  const stopwatch = new Stopwatch();
  window.benchmarkStopwatch = stopwatch;
  window.WebSocket = class extends WebSocket {
    constructor(...how) {
      super(...how);
      this.addEventListener("message", () => { stopwatch.arrived = performance.now(); });
    }
  };
})();
