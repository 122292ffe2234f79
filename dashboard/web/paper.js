// Plotly draws for the window's width. On paper its drawing is scaled to what a page of A4 has between its margins
// (page_style.py). Nothing is drawn anew for that: amid a print, Plotly and what sizes it never came to an end.
const PAPER_WIDTH = 700;

addEventListener("beforeprint", () => {
  for (const chart of document.querySelectorAll("[class*='st-key-chart_']:has(.main-svg)")) {
    const width = chart.querySelector(".main-svg").getBoundingClientRect().width;
    if (width > 0) chart.style.setProperty("--on-paper", PAPER_WIDTH / width);
  }
});
