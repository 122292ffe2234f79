"""The few rules of our own that Streamlit's theme has no setting for; all on classes of ours."""

import streamlit as st

from dashboard import details, pages

IN_GROUP = ", ".join(f'[data-page="{one.name}"]' for one in pages.PAGES if one.group)

CSS = """
.words-h1 { font-size: 1.6rem; font-weight: 650; padding: 0; margin: 0; line-height: 1.25; }
.words-h1 + p, .words-h1 + p + p { margin-top: 0.5rem; }
.words-h2 { font-size: 1.15rem; font-weight: 650; padding: 0; margin: 0.6rem 0 0; }
.words, .words-quiet, .words-answer, .words-alert, .words-notice { margin: 0; overflow-wrap: anywhere; }
.words-answer { font-size: 1.1rem; line-height: 1.45; max-width: 75ch; text-wrap: pretty; }
.words a { color: inherit; }
.words-beside { display: flex; flex-wrap: wrap; gap: 0.75rem 2rem; align-items: end; }
.words-beside > div { flex: 1 1 28rem; }
.class-chart { flex: 0 1 22rem; min-width: 15rem; margin: 0; }
.class-chart div { display: flex; gap: 2px; height: 2.75rem; print-color-adjust: exact; }
.class-chart i { flex: 1; forced-color-adjust: none; border-bottom: 1px solid light-dark(#8A939E, #78838F); }
.class-chart figcaption { margin-top: 0.25rem; font-size: 0.8125rem; color: light-dark(#56606C, #A9B4C0); }
.words-quiet { color: light-dark(#56606C, #A9B4C0); }
.words-alert, .words-notice { border-left: 3px solid; padding: 0.15rem 0 0.15rem 0.6rem; }
.words-alert { color: light-dark(#B3400A, #FF9E73); }
.words-notice { border-color: light-dark(#1F5FA8, #7DB3F0); }
/* Where the page cannot be renewed: web/fresh.js. A page that says why itself needs no second word. */
.words-stale {
  position: fixed; inset: auto auto 1rem 50%; translate: -50%; z-index: 1002; margin: 0; padding: 0.4rem 0.8rem;
  width: max-content; max-width: calc(100vw - 2rem); border: 1px solid;
  font: 0.875rem/1.4 system-ui, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif;
  border-radius: 4px; background: light-dark(#FFF8E8, #2B2618); color: light-dark(#6B4300, #F0CF8E);
}
body:has(.st-key-try_again) .words-stale, .words-stale[hidden] { display: none; }
@media (max-width: 40rem) {
  .words-stale { inset: auto 0 0; translate: none; width: auto; max-width: none; border-width: 1px 0 0; }
  body:has(.sn:not([hidden])) .words-stale { bottom: 5rem; }
}
@media print { .words-stale { display: none; } }
/* The field that a sentence says is wrong: marked by web/refusals.js. */
[data-refused] { outline: 2px solid light-dark(#B3400A, #FF9E73); outline-offset: -2px; }
/* A way to another page is a link as any other, where it leads to this page's beginning too. */
.stPageLink a { padding: 0.1rem 0; background: none; color: inherit; }
.stPageLink a * { font-weight: 400; color: inherit; }
.stPageLink a p {
  text-decoration: underline 1px color-mix(in srgb, currentColor 45%, transparent);
  text-underline-offset: 0.18em;
}
.stPageLink a:hover p { text-decoration-color: currentColor; }
.st-key-guide { max-width: 48rem; }
.st-key-guide h2 { font-size: 1.25rem; scroll-margin-top: 4rem; }
.st-key-guide td { vertical-align: top; }
.st-key-guide_contents { max-width: 60rem; }
.st-key-guide_contents ul { columns: 16rem; }
.st-key-guide_contents li { margin-top: 0; }
.timeline { max-width: 60rem; font-variant-numeric: tabular-nums; }
.timeline ol, .timeline ul { list-style: none; margin: 0; padding: 0; }
.timeline ol { margin: 0.25rem 0 1.25rem; }
.timeline ol > li { display: flex; gap: 1rem; margin: 0; padding: 0.5rem 0; break-inside: avoid;
  border-bottom: 1px solid color-mix(in srgb, currentColor 18%, transparent); }
.timeline time { flex: 0 0 3rem; color: light-dark(#56606C, #A9B4C0); }
.timeline div { min-width: 0; overflow-wrap: anywhere; }
.timeline ul li, .timeline p { margin: 0; padding: 0; font-size: 1rem; }
.stMainBlockContainer { padding-top: 4.5rem; padding-bottom: 3rem; }
/* Its download would leave a formula in a name alive. */
.st-key-grid_table .stElementToolbar { display: none; }
/* Beside the menu, which leaves room for it and folds away the pages that then find none; over the bar, but
   under a phone's menu when it is open. */
.st-key-person { position: fixed; top: 0.6rem; right: 1rem; width: auto; flex-wrap: nowrap; z-index: 999990; }
/* The name, and under it the role. */
.st-key-person .words-quiet {
  max-width: min(9.5rem, calc(100vw - 14.5rem)); max-height: 2.3em; overflow: hidden; font-size: 0.8125rem;
  line-height: 1.15; text-align: right;
}
@media (max-width: 22rem) { .st-key-person .words-quiet { max-height: 3.5em; font-size: 0.75rem; } }
/* Streamlit's own ring around a page of the menu cannot be seen. */
header a:focus-visible, header button:focus-visible {
  outline: 2px solid light-dark(#1F5FA8, #7DB3F0) !important; outline-offset: 1px;
}
/* As Streamlit marks a page of the menu that is open, but not the name that it is folded behind. */
:root:is(IN_GROUP) header button[aria-haspopup="menu"]:not([aria-expanded="true"]) {
  background: color-mix(in srgb, currentColor 12%, transparent); font-weight: 600;
}
/* Streamlit writes what is open or chosen in a blue too dark to be read in the dark theme. */
.st-key-sign_out button[aria-expanded="true"] *, .stTabs [role="tab"][aria-selected="true"] * {
  color: light-dark(#1A5596, #9CC4F2);
}
/* Where a person's own few colours are all there are, that blue and the line below it are gone. */
@media (forced-colors: active) { .stTabs [role="tab"][aria-selected="true"] { border-bottom: 2px solid; } }
@media (max-width: 48rem) { .stMainBlockContainer { padding-top: 3.25rem; } }
@media (min-width: 48rem) {
  .st-key-person { right: 3.5rem; }
  .rc-overflow { margin-right: 22.9rem; }
  /* All pages stand side by side without them, and closer; the menu of a narrow page has room. */
  .rc-overflow a > span:first-child:not(:only-child) { display: none; }
  .rc-overflow a { padding: 0 0.125rem; }
}
.st-key-block_bar { position: fixed; bottom: 1rem; left: 1.5rem; width: auto; z-index: 1000; }
/* The panel of a cell is beside the page where there is room, else over its lower part; a phone's rests. */
.st-key-cell_panel {
  position: fixed; inset: 3.75rem 0 0 auto; width: 27rem; z-index: 1001; flex-wrap: nowrap; gap: 0.75rem;
  padding: 0 1rem 2rem; overflow-y: auto; overscroll-behavior: contain;
  background: light-dark(#FFFFFF, #14181D); border-left: 1px solid light-dark(#D3D8DE, #3A434E);
}
.st-key-cell_panel[data-is-closed] { display: none; }
.st-key-cell_panel > * { flex-shrink: 0; }
.st-key-cell_panel :has(> .st-key-panel_head) {
  position: sticky; top: 0; z-index: 2; background: light-dark(#FFFFFF, #14181D);
}
.st-key-cell_panel .stVerticalBlock { gap: 0.75rem; }
.st-key-cell_panel .cell-note + .cell-note { margin-top: 0.75rem; }
@media screen and (min-width: 72rem) {
  .st-key-cell_panel .stHorizontalBlock { flex-wrap: wrap; row-gap: 0; }
  .st-key-cell_panel .stColumn { min-width: 100%; }
  .stMainBlockContainer:has(.st-key-cell_panel:not([data-is-closed])) { padding-right: 28.15rem; }
  .stApp:has(.st-key-cell_panel:not([data-is-closed])) .sn { right: 28rem; }
}
@media (max-width: 72rem) {
  .st-key-cell_panel {
    inset: auto 0 0; width: auto; height: 55dvh; border: 0;
    border-top: 1px solid light-dark(#8A939E, #78838F); border-radius: 0.75rem 0.75rem 0 0;
    box-shadow: 0 -4px 24px rgb(0 0 0 / 0.25);
  }
  .stMain:has(.st-key-cell_panel:not([data-is-closed])) { scroll-padding-bottom: 56dvh; }
  .stMainBlockContainer:has(.st-key-cell_panel:not([data-is-closed])) { padding-bottom: 58dvh; }
}
@media (max-width: 48rem) {
  .st-key-cell_panel { height: min(85dvh, calc(100dvh - 3.75rem)); }
  .stMain:has(.st-key-cell_panel:not([data-is-closed])) { overflow: hidden; }
}
@media print {
  /* A heading goes with the beginning of what it is of. The browser keeps no table with it for being told to
     (break-after: avoid): it has to have room for that, which it then leaves. */
  .words-h2 { break-inside: avoid; }
  .words-h2::after { content: ""; display: block; height: 12rem; margin-bottom: -12rem; }
  /* Plotly draws for the screen, and in the theme's inks. */
  [class*="st-key-chart_"] { zoom: var(--on-paper, 0.6); break-inside: avoid; print-color-adjust: exact; }
  .js-plotly-plot text { fill: #1B2430 !important; }
  .js-plotly-plot .gridlayer path { stroke: #DEE2E6 !important; }
  header, [role="navigation"], button, .st-key-person, .st-key-block_bar, .st-key-cell_panel {
    display: none !important;
  }
  /* Paper is white: the dark theme prints as the light one does. */
  :root, body, .stApp { background: #fff !important; }
  /* But not what says by its fill that it is chosen. */
  .stApp [class*="st-emotion-cache"]:not(label *) { background-color: transparent !important; }
  :root, body, .stApp, .stApp [class*="st-emotion-cache"], .stApp .look, .stApp .details {
    color-scheme: light !important;
    color: #1B2430 !important;
    --ink: #1B2430 !important;
    --paper: #fff !important;
  }
}
""".replace("IN_GROUP", IN_GROUP)


WHOLE_WIDTH = "@media (min-width: 48rem) { .stMainBlockContainer { padding-inline: 1.15rem; } }"
"""Of a page with a wide table: as far to the left as the menu."""


def use_whole_width() -> None:
    """This page, and no other (an element without height)."""
    st.html(f"<style>{WHOLE_WIDTH}</style>")


def draw() -> None:
    """Put the rules on the page (an element without height)."""
    st.html(f"<style>{CSS}{details.CSS}</style>")
