"""What lies between a page and the SQL it asks: few files, always one floor further down."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, event

from dashboard import reads
from dashboard.signin import gate
from data import demo
from data.access.session import Actor
from tests.views.conftest import Open

ROOT: Final = Path(__file__).resolve().parents[2]
FLOORS: Final = ("dashboard/views/", "dashboard/reads/", "data/reading/", "data/access/")
MOST_FILES: Final = 4  # behind the view, the one that holds the SQL among them


@contextmanager
def paths_to_sql() -> Iterator[list[tuple[str, ...]]]:
    """Of each statement that a view has asked for: our files from the view to it, the view among them."""
    found: list[tuple[str, ...]] = []

    def note(*_: Any) -> None:
        files = [Path(frame.filename) for frame in traceback.extract_stack()]
        ours = [str(file.relative_to(ROOT)) for file in files if file.is_relative_to(ROOT)]
        ours = [file for file in ours if file.startswith(FLOORS)]
        views = [at for at, file in enumerate(ours) if file.startswith(FLOORS[0])]
        if views:
            found.append(tuple(dict.fromkeys(ours[views[-1] :])))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def floor(file: str) -> int:
    return next(at for at, name in enumerate(FLOORS) if file.startswith(name))


def test_between_the_class_page_and_its_sql_are_few_files_and_none_above_another(
    open_page: Open,
) -> None:
    with paths_to_sql() as paths:
        test = open_page(demo.TEACHER_TWO, "classroom", name="a")
    assert not test.exception
    assert any("data/reading/classes/matrix.py" in path for path in paths)
    for path in paths:
        assert len(path[1:]) <= MOST_FILES, path
        assert list(path) == sorted(path, key=floor), path


def test_a_question_is_asked_once_however_its_defaults_are_written(open_page: Open) -> None:
    open_page(demo.TEACHER_ONE)
    actor = Actor(demo.TEACHER_ONE, "", "", database=gate.opened().database)
    asked: list[str] = []

    def question(_: Connection, name: str, limit: int = 50, *, whole: bool = False) -> str:
        asked.append(name)
        return f"{name} {limit} {whole}"

    assert reads.ask_as(actor, "one", question, "a") == "a 50 False"
    assert reads.ask_as(actor, "one", question, "a", 50) == "a 50 False"
    assert reads.ask_as(actor, "one", question, "a", limit=50, whole=False) == "a 50 False"
    assert asked == ["a"]
    assert reads.ask_as(actor, "one", question, "a", 51) == "a 51 False"
    assert reads.ask_as(actor, "two", question, "a") == "a 50 False"
    assert asked == ["a", "a", "a"]
