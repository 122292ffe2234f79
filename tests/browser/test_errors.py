"""What goes wrong in a page, a callback or a panel: a number on the page, the reason in the log alone."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browsing import ROOT, free_port, wait_until_up

SECRET = "Ann has 37.25"
PAGE = f'''
import streamlit as st

def fail():
    raise ValueError("{SECRET} in " + str(st.session_state))

@st.fragment
def panel():
    if st.button("in a panel", key="panel"):
        fail()

st.button("in a callback", key="callback", on_click=fail)
panel()
if st.button("in the page", key="page"):
    fail()
'''
SERVE = """
import sys
import streamlit as st
from dashboard.server import log_script_error

config = {"server.port": int(sys.argv[2]), "server.address": "127.0.0.1", "server.headless": True,
          "client.showErrorDetails": "none", "browser.gatherUsageStats": False}
st.App(sys.argv[1], on_script_error=log_script_error).run(config=config)
"""


@pytest.fixture
def broken(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The address of a page that fails in each of its places, and the server's log."""
    page, serve, log, port = (
        tmp_path / "page.py",
        tmp_path / "serve.py",
        tmp_path / "log",
        free_port(),
    )
    page.write_text(PAGE)
    serve.write_text(SERVE)
    command = [sys.executable, str(serve), str(page), str(port)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with log.open("wb") as told:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=told, stderr=told)
    try:
        wait_until_up(f"http://127.0.0.1:{port}", process, log)
        yield f"http://127.0.0.1:{port}", log
    finally:
        process.terminate()
        process.wait(30)


def test_an_error_anywhere_is_a_number_on_the_page_and_its_reason_in_the_log(
    chromium: Browser, broken: tuple[str, Path]
) -> None:
    address, log = broken
    page = chromium.new_page()
    seen: set[str] = set()
    for place in ("in a callback", "in the page", "in a panel"):
        page.goto(address)
        page.get_by_role("button", name=place).click()
        told = page.get_by_role("alert").filter(has_text="Something went wrong here.")
        expect(told).to_be_visible()
        number = re.search(r"number ([0-9a-f]{8})\.", told.inner_text())
        assert number is not None
        seen.add(number[1])
        whole = page.content()
        assert SECRET not in whole
        assert "ValueError" not in whole
        assert "Traceback" not in whole
        assert f"error {number[1]}" in log.read_text()
    page.close()
    assert len(seen) == 3
    assert log.read_text().count(f"ValueError: {SECRET}") >= 3
