"""Whose data is looked at or exported is recorded before anybody has it, and told to administrators."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from dashboard.reports import export_files
from dashboard.views.upload import source
from data.access.errors import DataError
from data.access.session import Actor, acting_as
from data.data_protection.disclosures import Disclosure, disclosures, disclosures_csv
from data.files.exporting.rows import Export
from data.files.importing.stored import roster
from data.files.reporting import making
from data.files.reporting.contents import ReportOptions
from data.files.student_record.gather import student_record
from data.reading.classes.page import class_page
from data.writing.disclosures import NotRecorded, disclosed, disclosed_by
from tests import people
from tests.clusters import Scratch
from tests.database.command_line import at, run
from tests.database.rows_as_owner import ask
from tests.people import ADMIN, ANN, BEN, CLASS_1A, CLEO, COORDINATOR, DAN, TEACHER

NOW = datetime(2030, 1, 1, tzinfo=UTC)
OPTIONS = ReportOptions(NOW, UTC, "Ms Ito", over_time=False)


def recorded(school: Scratch) -> list[tuple[Any, ...]]:
    """Who, what, of which class and of whom, in order."""
    rows = ask(school, "select * from dashboard.disclosure order by id")
    return [
        (row["person_id"], row["role"], row["kind"], row["class_id"], row["student_ids"])
        for row in rows
    ]


def told(school: Scratch, person: UUID, *about: Any) -> list[Disclosure]:
    with acting_as(people.actor(school.database, person)) as connection:
        return disclosures(connection, *about)


def exported(cora: Actor) -> bytes:
    with acting_as(cora) as connection:
        found = class_page(connection, {"class": CLASS_1A}).matrix
    assert found is not None
    export = Export("1A", found.modules, found.students, (), "", "Cora", NOW, UTC, CLASS_1A)
    return export_files.handed_out(b"x", cora, export)


def template(cora: Actor) -> bytes:
    with acting_as(cora) as connection:
        known = roster(connection)
    return source.template("csv", cora, CLASS_1A, known, UTC)


def report(cora: Actor) -> bytes:
    with acting_as(cora) as connection:
        return making.student_report(connection, ANN, OPTIONS).content


def class_report(kind: making.Kind) -> Callable[[Actor], bytes]:
    def made(cora: Actor) -> bytes:
        asked = making.OfClass(CLASS_1A, "1A", [ANN, BEN])
        with acting_as(cora) as connection:
            return making.class_report(connection, asked, OPTIONS, kind).content

    return made


WAYS: dict[str, tuple[Callable[[Actor], object], str, UUID | None, list[UUID]]] = {
    "table": (exported, "file", CLASS_1A, [ANN, BEN]),
    "template": (template, "file", CLASS_1A, [ANN, BEN]),
    "report": (report, "report", None, [ANN]),
    "class report": (class_report("pdf"), "report", CLASS_1A, [ANN, BEN]),
    "class reports": (class_report("zip"), "report", CLASS_1A, [ANN, BEN]),
    "all stored data": (lambda cora: student_record(cora, ANN), "record", None, [ANN]),
}


@pytest.mark.parametrize("way", WAYS)
def test_whatever_is_exported_is_recorded_each_time(school_18: Scratch, way: str) -> None:
    take, kind, class_id, students = WAYS[way]
    cora = people.actor(school_18.database, COORDINATOR)
    for _ in range(2):
        assert take(cora)
    line = (COORDINATOR, "coordinator", kind, class_id, students)
    assert recorded(school_18) == [line, line]


def test_what_cannot_be_recorded_nobody_gets(school: Scratch, altered: None) -> None:
    cora = people.actor(school.database, COORDINATOR)
    ask(school, "alter table dashboard.disclosure add check (false)")
    for take, *_ in WAYS.values():
        with pytest.raises(NotRecorded, match="there is no file"):
            take(cora)


def test_a_command_records_what_it_writes(school_18: Scratch, tmp_path: Path) -> None:
    asked = ("export", "--actor", "cora@example.org", "--class", "1A", "--output")
    assert run(*asked, str(tmp_path / "a.csv"), **at(school_18)).exit_code == 0
    shaped = run(*asked, str(tmp_path / "b.csv"), "--shape", "canvas", **at(school_18))
    assert shaped.exit_code == 0, shaped.output
    line = (COORDINATOR, "coordinator", "file", CLASS_1A)
    assert [one[:4] for one in recorded(school_18)] == [line, line]
    assert [one[4] for one in recorded(school_18)] == [[ANN, BEN], [ANN]]


def test_only_whom_one_sees_is_recorded_and_of_others_nothing_at_all(school: Scratch) -> None:
    tess = people.actor(school.database, TEACHER)
    for students, class_id in (([ANN, CLEO], None), ([DAN], None), ([ANN], people.CLASS_1B)):
        with pytest.raises(NotRecorded):
            disclosed_by(tess, "look", students, class_id)
    with pytest.raises(NotRecorded):
        disclosed_by(people.actor(school.database, people.STRANGER), "look", [ANN])
    assert recorded(school) == []
    disclosed_by(tess, "look", [BEN, ANN, ANN], CLASS_1A)
    disclosed_by(tess, "look", [ANN, BEN], CLASS_1A)  # by another process
    assert recorded(school) == [(TEACHER, "teacher", "look", CLASS_1A, [ANN, BEN])]


def test_administrators_read_it_newest_first_a_page_at_a_time(school: Scratch) -> None:
    tess, cora = (people.actor(school.database, one) for one in (TEACHER, COORDINATOR))
    disclosed_by(tess, "look", [ANN, BEN], CLASS_1A)
    disclosed_by(cora, "record", [ANN])
    disclosed_by(cora, "file", [BEN])
    ask(school, "update school.staff set role = 'viewer' where id = %s", TEACHER)
    found = told(school, ADMIN, ANN)
    assert [(one.person, one.role, one.kind, one.class_name) for one in found] == [
        ("Cora Coordinator", "coordinator", "record", None),
        ("Tess Teacher", "teacher", "look", "1A"),
    ]
    assert told(school, ADMIN, ANN, None, 1) == found[:1]
    assert told(school, ADMIN, ANN, found[0].id, 1) == found[1:]
    assert told(school, ADMIN, CLEO) == told(school, COORDINATOR, ANN) == []
    header, first, second = disclosures_csv(found, UTC).decode("utf-8-sig").splitlines()
    assert header == "When,Who,Role then,What,Class"
    assert first.endswith(",Cora Coordinator,Coordinator,Exported all stored data,")
    assert second.endswith(",Tess Teacher,Teacher,Looked at,1A")


def test_while_others_hold_the_record_one_waits_a_moment_and_no_longer(school: Scratch) -> None:
    tess = people.actor(school.database, TEACHER)
    with school.owner() as owner, owner.transaction():
        owner.execute("lock table dashboard.disclosure in share row exclusive mode")
        with pytest.raises(DataError):
            disclosed_by(tess, "look", [ANN])
    with acting_as(tess) as connection:
        disclosed(connection, "look", [ANN])
    assert len(recorded(school)) == 1
