"""How many steps back a click is: the real wire.js is run by node, in a browser of two functions."""

import json
import shutil
import subprocess
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.machine import need

WIRE = Path(__file__).parents[2] / "dashboard" / "web" / "wire.js"
NODE = Path(shutil.which("node") or "/usr/bin/node")

BROWSER = """
const heard = {}, steps = [];
let now = 0;
globalThis.addEventListener = (event, hear) => { heard[event] = hear; };
globalThis.window = globalThis;
globalThis.document = { addEventListener() {} };
globalThis.MutationObserver = class { observe() {} disconnect() {} };
Object.defineProperty(globalThis, "navigator", { value: { userActivation: { hasBeenActive: ACTIVE } } });
Object.defineProperty(globalThis, "performance", { value: { now: () => now } });
globalThis.history = {
  pushState: (_, __, address) => { steps.push(address); },
  replaceState: (_, __, address) => { steps[steps.length - 1] = address; },
};
steps.push("first");
await import(WIRE);
for (const did of DONE) {
  now += 5000;
  if (did === "click") heard.click();
  else history.pushState(null, "", did);
}
console.log(JSON.stringify(steps));
"""


def steps(done: list[str], *, was_active: bool) -> list[str]:
    """The addresses that Back leads through, after clicks and what pages wrote as their address."""
    need(NODE, "Node.js")
    code = json.dumps(
        "data:text/javascript;charset=utf-8," + quote(WIRE.read_text(encoding="utf-8"))
    )
    program = BROWSER.replace("ACTIVE", json.dumps(was_active)).replace("DONE", json.dumps(done))
    answer = subprocess.run(
        [NODE, "--input-type=module"],
        input=program.replace("WIRE", code),
        capture_output=True,
        text=True,
    )
    assert answer.returncode == 0, answer.stderr
    found: list[str] = json.loads(answer.stdout)
    return found


@pytest.mark.parametrize(
    ("done", "was_active", "led_through"),
    [
        (["first?class=1"], False, ["first?class=1"]),
        (["click", "next", "next?class=1"], False, ["first", "next?class=1"]),
        (["click", "next", "click", "other"], False, ["first", "next", "other"]),
        # The click came before the wire.
        (["next", "next?class=1"], True, ["first", "next?class=1"]),
        (["next", "click", "other"], True, ["first", "next", "other"]),
    ],
)
def test_a_click_is_one_step_back(
    done: list[str], was_active: bool, led_through: list[str]
) -> None:
    assert steps(done, was_active=was_active) == led_through
