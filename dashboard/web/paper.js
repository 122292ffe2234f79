// Plotly draws for the window's width. For paper its charts are drawn as wide as a page of A4 between its margins, and
// scaled to what the paper then has (page_style.py lets them fill it).
const PAPER_WIDTH = 700;
const paper = matchMedia("print");

function drawFor(chart, isPaper) {
  // Without Plotly, which Streamlit might hide one day, the chart as it is on the screen is scaled.
  // Twice: a legend takes its place by the margins of the drawing before.
  const redraw = (width) => [1, 2].forEach(() => globalThis.Plotly?.relayout(chart, { width }));
  const svgs = [...chart.querySelectorAll(".main-svg")];
  if (isPaper && chart.dataset.screen === undefined) {
    chart.dataset.screen = svgs[0].getAttribute("width");
    redraw(PAPER_WIDTH);
    for (const svg of svgs) svg.setAttribute("viewBox", `0 0 ${svg.getAttribute("width")} ${svg.getAttribute("height")}`);
  } else if (!isPaper && chart.dataset.screen !== undefined) {
    for (const svg of svgs) svg.removeAttribute("viewBox");
    redraw(Number(chart.dataset.screen));
    delete chart.dataset.screen;
  }
}

function drawCharts(isPaper) {
  for (const chart of document.querySelectorAll(".js-plotly-plot:has(.main-svg)")) drawFor(chart, isPaper);
}

addEventListener("beforeprint", () => drawCharts(true));
addEventListener("afterprint", () => drawCharts(false));
paper.addEventListener("change", ({ matches }) => drawCharts(matches));
