"""Cells as the browser reads them: the real scripts, run by node."""

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dashboard.components import browser
from dashboard.components.status import script_constants
from dashboard.views.classroom import matrix
from data.rules.cell import LETTERS, OTHER, MatrixCell, parse_cell
from tests.machine import need

SCRIPTS = [
    Path(browser.__file__).with_suffix(".js"),
    *(Path(matrix.__file__).with_name(name) for name in ("figures.js", "model.js", "averages.js")),
]
PAGE = "const document = { createElement: () => ({ getContext: () => null }) };"
ASK = """
const asked = JSON.parse(require("fs").readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(asked.map((each) => FUNCTION(...each))));
"""


def from_model(function: str, asked: Sequence[Sequence[Any]]) -> list[Any]:
    """What a function of these scripts answers to each of these arguments."""
    node = Path(shutil.which("node") or "/usr/bin/node")
    need(node, "Node.js")
    scripts = "".join(one.read_text("utf-8") for one in SCRIPTS)
    program = PAGE + script_constants() + scripts + ASK.replace("FUNCTION", function)
    ran = subprocess.run(
        [node, "-e", program],
        input=json.dumps(asked),
        capture_output=True,
        check=True,
        text=True,
    )
    found: list[Any] = json.loads(ran.stdout)
    return found


def in_browser(written: list[str]) -> list[dict[str, str]]:
    """What model.js makes of these cells."""
    return from_model("parseCell", [[each] for each in written])


def as_in_browser(cell: MatrixCell) -> tuple[str, float | None, float | None, str]:
    """A cell as the browser holds it: status letter or face, percentage, score, marks."""
    face = {status: letter for letter, status in LETTERS.items()} | {
        None: "problem" if cell.marks else "none"
    }
    score = None if cell.score is None else float(cell.score)
    return face.get(cell.status, OTHER), cell.percentage, score, cell.marks


def same(written: list[str]) -> None:
    """The browser and Python read each of them alike."""
    for text, found in zip(written, in_browser(written), strict=True):
        figures = (float(found[name]) if found[name] else None for name in ("percent", "score"))
        cell = parse_cell(text)
        assert (found["state"], *figures, found["marks"]) == as_in_browser(cell), text
        assert found.get("word") == (cell.status and cell.status.label), text
