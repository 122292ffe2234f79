"""What goes wrong in a page, a callback or a panel: a number on the page, the reason in the log alone."""

import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browsing import ROOT, free_port, wait_until_up

SECRET = "Ann has 37.25"
SERVE = f"""
import sys
from types import SimpleNamespace
import streamlit as st
from dashboard.signin import gate
from dashboard.web import connections, live

def fail():
    raise ValueError("{SECRET} in " + str(st.session_state))

@st.fragment
def panel():
    if st.button("in a panel", key="panel"):
        fail()

def page(hide_menu):
    st.button("in a callback", key="callback", on_click=fail)
    panel()
    if st.button("in the page", key="page"):
        fail()
    st.stop()

async def hints(request):
    fail()

gate.gate, live.stream = page, hints
connections.people = lambda browser: [SimpleNamespace(id="somebody")]

from dashboard.server import app

for one in app._user_middleware:
    print("middleware", one.cls.__name__, one.kwargs.get("limits"), flush=True)
told = [st.get_option(one) for one in ("client.showErrorDetails", "server.fileWatcherType")]
print("configured", *told, flush=True)
app.run(config={{"server.port": int(sys.argv[1]), "server.address": "127.0.0.1"}})
"""
ENVIRONMENT = {
    "PROGRESS_HTTPS": "1",
    "PROGRESS_ANONYMOUS_PER_ADDRESS": "7",
    "PROGRESS_ANONYMOUS_IN_ALL": "9",
}


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The address of the real server with a page that fails in each of its places, and its log."""
    folder, port = tmp_path_factory.mktemp("broken"), free_port()
    serve, log = folder / "serve.py", folder / "log"
    serve.write_text(SERVE)
    command = [sys.executable, str(serve), str(port)]
    environment = os.environ | ENVIRONMENT | {"PYTHONPATH": str(ROOT)}
    with log.open("wb") as told:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=told, stderr=told)
    try:
        wait_until_up(f"http://127.0.0.1:{port}", process, log)
        yield f"http://127.0.0.1:{port}", log
    finally:
        process.terminate()
        process.wait(30)


def test_what_the_school_sets_reaches_admission_and_the_headers(broken: tuple[str, Path]) -> None:
    address, log = broken
    headers, admission, sign_in = re.findall("^middleware (.*)$", log.read_text(), re.MULTILINE)
    assert headers.startswith("SecurityHeaders")
    assert re.match(r"Admission Limits\(per_address=7, in_all=9, ", admission)
    assert sign_in.startswith("SignInMiddleware")
    assert "\nconfigured none none\n" in log.read_text()
    with urllib.request.urlopen(f"{address}/_stcore/host-config", timeout=30) as answer:
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
        assert answer.headers["Set-Cookie"].startswith("__Host-")


def test_an_error_of_a_route_is_a_number_with_the_headers_and_its_reason_is_in_the_log(
    broken: tuple[str, Path],
) -> None:
    address, log = broken
    with pytest.raises(urllib.error.HTTPError) as failed:
        urllib.request.urlopen(f"{address}/live?class=x", timeout=30)
    told = failed.value.read().decode()
    number = re.fullmatch(
        r"Something went wrong here\. Report it with the number ([0-9a-f]{8})\.", told
    )
    assert failed.value.code == 500
    assert number is not None
    assert failed.value.headers["X-Content-Type-Options"] == "nosniff"
    assert f"error {number[1]}" in log.read_text()
    assert f"ValueError: {SECRET}" in log.read_text()


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
    assert (
        log.read_text().count(f"ValueError: {SECRET}") >= 3
    )  # the control: of a fault all is told
