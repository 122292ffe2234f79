"""Tells the page when somebody else changed what it shows: a stream of hints from our own server.

Where the stream cannot be had (another server entry, a proxy that buffers), the page looks every few seconds.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

import streamlit as st

PATH: Final = "/live"

JS: Final = """
const POLL_EVERY = 2500;
const AT_MOST_EVERY = 1000;

export default function ({ data, setTriggerValue }) {
  let last = 0, waiting = 0, poll = 0;
  const tell = () => {
    waiting = 0;
    if (document.visibilityState === "hidden") { waiting = -1; return; }
    last = Date.now();
    setTriggerValue("changed", last);
  };
  const changed = () => {
    if (waiting > 0) return;
    waiting = setTimeout(tell, Math.max(0, last + AT_MOST_EVERY - Date.now()));
  };
  const seen = () => { if (waiting === -1 && document.visibilityState === "visible") tell(); };
  document.addEventListener("visibilitychange", seen);
  const stream = new EventSource(`PATH?class=${encodeURIComponent(data)}`);
  stream.onmessage = changed;
  stream.onopen = () => { clearInterval(poll); poll = 0; };
  stream.onerror = () => {
    // A browser gives up for good on an answer that is no stream, and tries again by itself otherwise.
    if (!poll) poll = setInterval(changed, POLL_EVERY);
  };
  return () => {
    stream.close();
    clearInterval(poll);
    if (waiting > 0) clearTimeout(waiting);
    document.removeEventListener("visibilitychange", seen);
  };
}
""".replace("PATH", PATH)

_mount = st.components.v2.component("dashboard_live", js=JS)


def watch(class_id: UUID) -> None:
    """Rerun this page when something in the class changes."""
    _mount(key=f"live_{class_id}", data=str(class_id), on_changed_change=lambda: None)
