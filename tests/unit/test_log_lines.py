"""A line of the log, as text or JSON: with ids that are nobody's, and nothing personal."""

import json
import os
import re
import subprocess
import sys

import pytest

from tests.browsing import ROOT

PROGRAM = """
import logging, sys, threading
from data.access import audit
from data.access.log_privacy import LINE, begin_request, keep_rows_out_of_logs, write_lines

is_json = sys.argv[1] == "json"
pages = iter(["secret-page"] * 3)
audit.start(None, is_json=is_json)
keep_rows_out_of_logs()
write_lines(sys.argv[2], is_json=is_json, page=lambda: next(pages, ""))
other = logging.getLogger("uvicorn.error")  # as Streamlit makes its loggers
other.propagate = False
handler = logging.StreamHandler()
handler.setFormatter(logging.Formatter(LINE))
other.addHandler(handler)

log = logging.getLogger("dashboard")
log.warning("one of %s", "ann@example.org")
begin_request()
try:
    raise ValueError("bob@example.org\\nin two lines")
except ValueError:
    log.error("failed", exc_info=True)
other.warning('"GET /student?search=Ann+Lee" went wrong')
log.info("quiet")
log.warning("wrong %d", "for Ann")
log.warning("wrong %(one)s", {"other": "Ann"})
audit.happened("came in", many=3)
"""


def written(kind: str, level: str = "warning") -> list[str]:
    result = subprocess.run(
        [sys.executable, "-c", PROGRAM, kind, level],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    return result.stderr.splitlines()


def test_a_line_of_json_has_what_happened_and_the_ids_and_nothing_personal() -> None:
    lines = [json.loads(one) for one in written("json") if one.startswith("{")]
    assert [(one["level"], one["logger"], one["message"]) for one in lines] == [
        ("warning", "dashboard", "one of (e-mail)"),
        ("error", "dashboard", "failed"),
        ("warning", "uvicorn.error", '"GET /student?…" went wrong'),
        ("warning", "dashboard", "wrong %d"),
        ("warning", "dashboard", "wrong %(one)s"),
        ("info", "progress.audit", "came in many=3"),
    ]
    assert "ValueError: (e-mail)\nin two lines" in lines[1]["error"]
    assert all(re.fullmatch(r"[0-9a-f]{8}", one["request"]) for one in lines)
    first, second, third = [one["request"] for one in lines[:3]]
    assert first != second == third
    assert {one["session"] for one in lines[:3]} != {"-"}
    assert len({one["session"] for one in lines[:3]}) == 1
    assert lines[4]["session"] == "-"
    assert all(
        re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00$", one["time"]) for one in lines
    )


@pytest.mark.parametrize("kind", ["text", "json"])
def test_no_line_tells_a_person(kind: str) -> None:
    whole = "\n".join(written(kind))
    assert "failed" in whole  # the control
    for secret in ("ann@", "bob@", "Ann", "secret-page"):
        assert secret not in whole


def test_a_line_of_text_has_the_same_and_its_traceback_below() -> None:
    lines = written("text")
    assert re.search(r" WARNING dashboard [0-9a-f]{8} [0-9a-f]{8} one of \(e-mail\)$", lines[0])
    assert "ValueError: (e-mail)" in "\n".join(lines)
    (audit,) = [one for one in lines if "came in" in one]
    assert audit.endswith("progress.audit came in many=3")


def test_the_level_is_a_setting() -> None:
    quiet = [one for one in written("text", "info") if one.endswith("quiet")]
    assert len(quiet) == 1
    assert not [one for one in written("text") if one.endswith("quiet")]
    assert not [one for one in written("text", "error") if "one of" in one]
