"""The log of who did what: a line for each, with ids, and never a name, a text or a score."""

import logging
import re
import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest

from dashboard.views.upload import source
from data.access import audit
from data.access.errors import DataError
from data.access.session import acting_as
from data.files.importing.stored import roster
from data.files.student_record.gather import student_record
from data.rules.progress import EMPTY_ROW, Edit, Field, Status
from data.writing.flag_responses import FlagResponse, respond
from data.writing.locks import lock, unlock
from data.writing.notes import Content, write
from data.writing.save import save
from tests import people
from tests.clusters import Scratch
from tests.database.command_line import at, run
from tests.database.rows_as_owner import SC, P, ask, edit
from tests.people import ANN, BEN, CLASS_1A, COORDINATOR, COURSE, DAN, PROJECT, TEACHER

SECRET = ("The reason nobody reads", "A note nobody reads", "37.25", "=HYPERLINK")


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    """The log's file, written to as the running server does."""
    file = tmp_path / "audit.log"
    with audit.noted(file):
        yield file


def journey(school: Scratch, folder: Path) -> None:
    """Everything that is noted, as it goes well and as it is refused."""
    cora = people.actor(school.database, COORDINATOR)
    tess = people.actor(school.database, TEACHER)
    saved = save(cora, [edit(school, ANN, COURSE, {P: 44})], SECRET[0])
    done = saved.saved[0]
    back = Edit(ANN, COURSE, done.before, edit(school, ANN, COURSE, {}).seen)
    save(cora, [back], SECRET[0], source="undo", undoes=saved.batch_id)
    save(tess, [edit(school, ANN, COURSE, {P: 45})], SECRET[0])
    save(cora, [Edit(DAN, COURSE, {P: 5}, EMPTY_ROW)], SECRET[0])
    save(cora, [Edit(BEN, PROJECT, {Field.STATUS: Status.IN_PROGRESS}, EMPTY_ROW)], "x" * 600)
    save(cora, [edit(school, BEN, COURSE, {SC: Decimal("37.25")})])
    assert lock(cora, BEN, COURSE, [SC], SECRET[0]) is None
    assert unlock(cora, BEN, COURSE, SECRET[0]) is None
    assert unlock(cora, BEN, COURSE) is not None
    assert write(cora, ANN, Content(SECRET[1]), key=uuid4()) is None
    assert write(tess, DAN, Content(SECRET[1]), key=uuid4()) is not None
    seen = FlagResponse(CLASS_1A, ANN, "failed", "seen")
    assert respond(cora, seen, Content(SECRET[1]), key=uuid4()) is None
    assert respond(tess, replace(seen, student_id=DAN), key=uuid4()) is not None
    student_record(cora, ANN)
    student_record(tess, ANN)
    told = run("export", "--actor", "cora@example.org", "--output", str(folder / "a"), **at(school))
    assert told.exit_code == 0, told.output


def test_a_whole_journey_is_told_by_ids_and_nothing_else(
    school_18: Scratch, log: Path, tmp_path: Path
) -> None:
    journey(school_18, tmp_path)
    written = log.read_text(encoding="utf-8")
    lines = written.splitlines()
    events = [line.split("progress.audit ")[1].split(" actor=")[0] for line in lines]
    assert events == [
        "wrote source=form",
        "wrote source=undo",
        "wrote source=form refused why=refused",
        "wrote source=form refused why=not_eligible",
        "wrote source=form",
        "locked",
        "unlocked",
        "unlocked refused why=not_locked",
        "note written",
        "note written refused why=refused",
        "flag responded",
        "flag responded refused why=refused",
        "everything given",
        "everything refused",
        "progress exported",
    ]
    for line in lines:
        assert line[:4].isdigit()
        assert f"actor={COORDINATOR}" in line or f"actor={TEACHER}" in line
    secrets = [*SECRET]
    for question in (
        "select full_name as told from school.student union select email from school.student",
        "select full_name as told from school.staff union select email from school.staff",
        "select name as told from public.modules union select name from school.class",
        "select name as told from public.organisations where name ~ ' '",
    ):
        secrets += [row["told"] for row in ask(school_18, question)]
    assert len(secrets) > 20
    named = [one for one in secrets if one in written]
    # Two letters may stand in an id by chance.
    assert [one for one in named if len(one) > 2] == []


def test_a_template_filled_with_a_class_is_the_export_that_it_is(
    school_18: Scratch, log: Path
) -> None:
    cora = people.actor(school_18.database, COORDINATOR)
    with acting_as(cora) as connection:
        known = roster(connection)
    assert b"Ann" not in source.template("csv", cora, None, known, UTC)
    assert log.read_text() == ""  # the control: headings alone are nobody's
    assert b"Ann" in source.template("csv", cora, people.CLASS_1A, known, UTC)
    (line,) = log.read_text().splitlines()
    assert re.search(rf"progress exported actor={COORDINATOR} rows=\d+$", line)


def test_the_file_is_its_owners_alone_also_when_it_was_moved_away(log: Path) -> None:
    audit.record("came in", COORDINATOR)
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    log.rename(log.with_suffix(".old"))
    audit.record("came in", TEACHER)
    assert str(TEACHER) in log.read_text()
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_a_file_that_cannot_be_written_is_told_at_start(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="PROGRESS_AUDIT_LOG"):
        audit.start(tmp_path / "no" / "such" / "log")
    assert all(isinstance(one, logging.Handler) for one in audit.LOG.handlers)
