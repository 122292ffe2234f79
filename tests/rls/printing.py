"""The matrix as a security officer reads it."""

from collections.abc import Iterable, Mapping
from typing import Final

from tests.rls.facts import IDENTITIES, Identity
from tests.rls.matrix import ACTIONS, Cell, own_and_foreign
from tests.rls.oracle import RELATIONS
from tests.rls.rights import ADDED, CHANGED, HIDDEN

HEADINGS: Final = {"select": "reads", "insert": "adds", "update": "changes", "delete": "removes"}

INTRODUCTION: Final = """\
Who sees and does what: every table and view of the database, tried by everybody.

Each line is somebody; "own" is what is theirs or of somebody in their charge (a teacher's classes, a
coordinator's organisation), "other" is what is not. "yes": it works. "no": it is refused, or nothing is
found. "some": of several such rows only some (what is shared; of staff who are students too, all but what
is about themselves). "-": there is no such row for them.
Every answer was tried in a real PostgreSQL and compared with rules told apart from it in plain Python
(tests/rls/oracle.py); for each "no" it was made sure that the row is there.

"The app before it acts" is the app's login while it acts for nobody. "Claims without signature" is a
statement that says it is the administrator, without the app's key.
"""

WIDTH: Final = 28


def printed(found: Iterable[Cell]) -> str:
    """The whole matrix as text, ending in how many cells there are and how many are as expected."""
    found = list(found)
    told = own_and_foreign(found)
    reachable = [name for name in RELATIONS if any(c.succeeds for c in found if c.relation == name)]
    closed = [name for name in RELATIONS if name not in reachable]
    blocks = [INTRODUCTION, _closed(closed)]
    blocks += [_block(name, told) for name in sorted(reachable)]
    blocks.append(_columns())
    right = sum(cell.is_as_expected for cell in found)
    return "\n".join(blocks) + f"\n{len(found)} cells, {right} as expected\n"


def _closed(names: list[str]) -> str:
    lines = ["Nobody reads, adds, changes or removes anything in:"]
    lines += [f"  {name:<33}{RELATIONS[name].means}" for name in sorted(names)]
    return "\n".join(lines) + "\n"


Told = Mapping[tuple[str, Identity, str, bool], set[str]]


def _block(name: str, told: Told) -> str:
    actions = [
        action
        for action in ACTIONS
        if any(
            "yes" in answers
            for (it, _, act, _), answers in told.items()
            if (it, act) == (name, action)
        )
    ]
    never = [HEADINGS[action] for action in ACTIONS if action not in actions]
    lines = [f"{name}: {RELATIONS[name].means}"]
    lines.append(" " * WIDTH + "".join(f"{HEADINGS[action]:<13}" for action in actions).rstrip())
    lines.append(" " * WIDTH + ("own   other  " * len(actions)).rstrip())
    for who in IDENTITIES:
        answers = [
            f"{_answer(told, name, who, action, own=True):<6}{_answer(told, name, who, action, own=False):<7}"
            for action in actions
        ]
        lines.append(f"  {who.label:<{WIDTH - 2}}" + "".join(answers).rstrip())
    if never:
        lines.append(f"  Nobody {_in_words(never)}.")
    return "\n".join(lines) + "\n"


def _answer(told: Told, name: str, who: Identity, action: str, *, own: bool) -> str:
    answers = told.get((name, who, action, own), set())
    if len(answers) > 1:
        return "some"
    return next(iter(answers), "-")


def _in_words(words: list[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " or " + words[-1]


def _columns() -> str:
    lines = ["Columns: of the tables above people read all but these,"]
    lines += [f"  {name}: {', '.join(sorted(columns))}" for name, columns in sorted(HIDDEN.items())]
    lines.append("give these and no others where they add a row,")
    lines += [f"  {name}: {', '.join(sorted(columns))}" for name, columns in sorted(ADDED.items())]
    lines.append("and change these and no others.")
    lines += [
        f"  {name}: {', '.join(sorted(columns))}" for name, columns in sorted(CHANGED.items())
    ]
    return "\n".join(lines) + "\n"
