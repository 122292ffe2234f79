"""What the matrix sends of what is typed in it is saved once, however often it is sent."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboard.views.classroom import matrix
from dashboard.views.classroom.entry import cell as entry
from dashboard.views.classroom.entry import typed
from data import demo
from data.access.errors import DataError
from tests.views.conftest import Open, Owner
from tests.views.edit_form import Cell, begun, reset, stored

IN_PROGRESS = "I40"


@dataclass
class Wire:
    """The browser's end: what it sends, and what it was told."""

    sent: list[object] = field(default_factory=list)
    told: list[list[Any]] = field(default_factory=list)
    drafted: list[list[str]] = field(default_factory=list)

    def mount(self, **given: Any) -> None:
        *_, self.told, self.drafted = given["data"]

    def send(self, test: AppTest, kind: str, cell: Cell, text: str, **other: Any) -> list[Any]:
        """Send one thing, and return what is told of it: state, words, cell, why, batch."""
        token, attempt = other.get("token") or uuid4(), other.get("attempt", 0)
        ids = [str(one) for one in cell]
        self.sent[:] = [[str(token), attempt, kind, *ids, other.get("seen", IN_PROGRESS), text]]
        test.run()
        assert not test.exception
        return next((list(one[2:]) for one in self.told if one[0] == str(token)), [])


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    found = Wire()
    monkeypatch.setattr(entry, "_mount", found.mount)
    monkeypatch.setattr(entry, "_sent", lambda: found.sent)
    return found


@pytest.fixture
def cell(owner: Owner) -> Iterator[Cell]:
    found = begun(owner)
    yield found
    reset(owner, found)
    owner.execute("delete from dashboard.draft")


@pytest.fixture
def page(open_page: Open, wire: Wire) -> AppTest:
    return open_page(demo.COORDINATOR_ONE, "classroom", **{"class": demo.CLASS_ONE})


def changes(owner: Owner, cell: Cell) -> object:
    found = owner.execute(
        "select count(*) from dashboard.history where student_id = %s and module_id = %s", cell
    ).fetchone()
    return found and found[0]


def test_what_is_sent_again_is_saved_once(
    page: AppTest, wire: Wire, owner: Owner, cell: Cell
) -> None:
    before, token = changes(owner, cell), uuid4()
    state, words, now, _, batch = wire.send(page, "save", cell, "55", token=token)
    assert (state, words, now[:3]) == ("saved", "Saved: percentage 40 % → 55 %.", "I55")
    assert batch == str(token)
    assert wire.send(page, "save", cell, "55", token=token)[0] == "saved"
    # The session that answered is gone, and the page that asked has loaded anew.
    del page.session_state[entry.ANSWERS]
    assert wire.send(page, "save", cell, "55", token=token)[0] in ("saved", "same")
    assert stored(owner, cell)[:2] == ("InProgress", 55)
    assert changes(owner, cell) == int(str(before)) + 1
    assert wire.send(page, "undo", cell, batch, seen="")[0] == "undone"
    assert stored(owner, cell)[:2] == ("InProgress", 40)
    assert wire.send(page, "undo", cell, batch, seen="")[:2] == [
        "same",
        "There is nothing to undo here.",
    ]


def test_a_database_that_is_away_is_asked_again(
    page: AppTest, wire: Wire, owner: Owner, cell: Cell, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise DataError("The database is away.")

    token = uuid4()
    with monkeypatch.context() as patched:
        patched.setattr(entry, "save", away)
        found = wire.send(page, "save", cell, "55", token=token)
        assert found[:2] == ["away", "Not saved yet: The database is away."]
        # The same attempt is not made twice: its answer may be on its way.
        patched.undo()
    assert wire.send(page, "save", cell, "55", token=token)[0] == "away"
    assert stored(owner, cell)[:2] == ("InProgress", 40)
    assert wire.send(page, "save", cell, "55", token=token, attempt=1)[0] == "saved"
    assert stored(owner, cell)[:2] == ("InProgress", 55)


def test_asking_changes_nothing_and_a_refusal_is_kept_until_it_is_dropped(
    page: AppTest, wire: Wire, owner: Owner, cell: Cell
) -> None:
    ids = [str(one) for one in cell]
    assert wire.send(page, "ask", cell, "c")[:2] == [
        "asked",
        "Becomes Completed, 100 %. The percentage becomes 100. The completed date becomes today.",
    ]
    assert wire.send(page, "ask", cell, "40")[1] == entry.SO_ALREADY
    assert (
        wire.send(page, "ask", cell, "140")[1]
        == "The percentage must be a whole number from 0 to 100."
    )
    assert wire.drafted == []
    assert wire.send(page, "save", cell, "i 140")[0] == "refused"
    page.run()
    assert wire.drafted == [[*ids, "i 140"]] or wire.drafted == [[*ids, "140"]]
    assert stored(owner, cell)[:2] == ("InProgress", 40)
    assert wire.send(page, "drop", cell, "")[0] == "dropped"
    page.run()
    assert wire.drafted == []


def test_what_was_not_seen_is_not_written_over(
    page: AppTest, wire: Wire, owner: Owner, cell: Cell
) -> None:
    state, words, now, *_ = wire.send(page, "save", cell, "55", seen="I20")
    assert state == "conflict"
    assert words.endswith("It is now In progress, 40 %.")
    assert now.startswith("I40")
    assert stored(owner, cell)[:2] == ("InProgress", 40)
    assert wire.send(page, "save", cell, "55", seen=now)[0] == "saved"
    for unreadable in ("p", "N/x", ""):
        assert wire.send(page, "save", cell, "60", seen=unreadable)[:2] == [
            "refused",
            entry.UNREADABLE,
        ]
    assert stored(owner, cell)[:2] == ("InProgress", 55)


def test_a_cell_that_is_not_there_is_said_to_be_gone(page: AppTest, wire: Wire, cell: Cell) -> None:
    assert wire.send(page, "save", (uuid4(), cell[1]), "55")[:2] == ["refused", entry.GONE]
    assert wire.send(page, "save", (cell[0], uuid4()), "55")[:2] == ["refused", entry.GONE]
    assert wire.send(page, "save", cell, "55")[0] == "saved"


ONE = str(uuid4())
WELL = [ONE, 0, "save", ONE, ONE, "I40", "55"]


@pytest.mark.parametrize(
    "sent",
    [
        None, "save", {}, [], WELL[:-1], [*WELL, "more"], ["no id", *WELL[1:]], [ONE, "0", *WELL[2:]],
        [ONE, 0, "delete", *WELL[3:]], [*WELL[:3], None, *WELL[4:]], [*WELL[:-1], 55], [*WELL[:-2], None, "55"],
    ],
)  # fmt: skip
def test_what_is_not_of_the_form_is_nothing(sent: object) -> None:
    assert typed.read(sent) is None
    assert typed.read(WELL) is not None


def test_a_text_is_no_longer_than_a_cell_takes() -> None:
    found = typed.read([*WELL[:-1], "9" * 5000])
    assert found is not None
    assert len(found.text) == typed.LONGEST


IDS = ["a", "b"], ["x", "y"]


@pytest.mark.parametrize(
    ("students", "modules", "texts", "is_taken"),
    [
        (["a", "b"], ["x"], [["c"]], True),
        (["a", "b"], ["x"], [["c"], ["n"]], True),
        (["a"], ["x", "y"], [["c", "n"]], True),
        (["a"], ["x", "y"], [["c"], ["n"]], False),
        (["a", "b"], ["x"], [["c"], ["n", "i"]], False),
        # Of a row that is gone the texts of the others would be put elsewhere.
        (["a", "gone"], ["x"], [["c"], ["n"]], False),
        ([], ["x"], [["c"]], False),
        (["a"], ["x"], [], False),
        (["a"], ["x"], "c", False),
        (["a"], ["x"], [[5]], False),
        (None, None, None, False),
    ],
)
def test_a_block_is_taken_whole_or_not_at_all(
    monkeypatch: pytest.MonkeyPatch, students: Any, modules: Any, texts: Any, is_taken: bool
) -> None:
    did: list[matrix.MatrixEvent] = []
    event = {"kind": "set", "students": students, "modules": modules, "texts": texts}
    monkeypatch.setattr(st, "session_state", {"matrix": {"event": event}})
    heard: list[Callable[[], None]] = []
    monkeypatch.setattr(matrix, "_mount", lambda **given: heard.append(given["on_event_change"]))
    matrix.show("matrix", b"", lambda: (IDS[1], IDS[0]), did.append)
    heard[0]()
    assert bool(did) == is_taken
    if is_taken:
        assert did[0].texts == tuple(map(tuple, texts))
