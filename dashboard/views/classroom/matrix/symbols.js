// Symbols as bitmaps, each drawn once: a browser draws an SVG image anew in every cell, which was most of the cost of
// painting. On paper they stay drawings.

// Of a symbol in a compact cell, on a screen whose pixels are the page's.
const SIDE = 13;
const bitmaps = Object.assign(new CSSStyleSheet(), { wanted: "" });

// For this theme, and this screen's pixels.
function drawSymbols({ dataset }) {
  const wanted = `${dataset.look} ${devicePixelRatio}`;
  if (bitmaps.wanted === wanted) return;
  if (!bitmaps.wanted) document.adoptedStyleSheets.push(bitmaps);
  bitmaps.wanted = wanted;
  bitmaps.replaceSync([...Object.values(LOOKS.statuses), ...Object.values(LOOKS.marks)].map((look) => `
    .mx-look-${look.name} { background-image: url(${bitmap(look, look.ink[Number(dataset.look === "dark")])}); }
    .mx-print .mx-look-${look.name} { background-image: var(--look-${look.name}-image); }`).join(""));
}

function bitmap(look, ink) {
  const side = Math.ceil(SIDE * devicePixelRatio);
  const canvas = attrs(el("canvas"), { width: side, height: side });
  const brush = canvas.getContext("2d");
  brush.scale(side / 12, side / 12);
  brush.fillStyle = ink;
  brush.fill(new Path2D(look.symbol), "evenodd");
  return canvas.toDataURL();
}
