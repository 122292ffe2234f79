"""All stored data of a student is in the document: compared with the catalogue, table by table."""

import io
import json
import logging
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from psycopg.types.json import Jsonb
from python_calamine import CalamineWorkbook

from data.access.session import Actor, acting_as
from data.files.student_record import gather
from data.files.student_record.write import record_as_json, record_as_xlsx, record_file_name
from data.reading.notes import notes as read_notes
from data.rules.progress import EMPTY_ROW, Edit, Field, Problem
from data.writing.drafts import save_draft
from data.writing.flag_responses import FlagResponse, respond
from data.writing.locks import lock, unlock
from data.writing.notes import Content, correct, withdraw, write
from data.writing.save import save
from tests import people
from tests.clusters import Cluster, Scratch
from tests.database import odd_school
from tests.database.command_line import at, refused, run
from tests.database.rows_as_owner import ask, platform
from tests.people import ADMIN, ANN, BEN, CLASS_1A, COORDINATOR, COURSE, SOUTH_COORDINATOR, TEACHER

PRECISE = Decimal("66.6666666666666667")
HOSTILE = '=HYPERLINK("http://evil","x")'
LONG = "π" * 40_000


@pytest.fixture(scope="module")
def shared(cluster: Cluster) -> Iterator[Scratch]:
    """A messy school; of Ann there is at least one row in every table that holds anything of a student."""
    school = cluster.new_database("cast")
    odd_school.build(school)
    fill(school, people.actor(school.database, COORDINATOR))
    yield school
    cluster.drop(school)


def fill(school: Scratch, cora: Actor) -> None:
    details = {"b": {"deep": [1, {"x": 1e300}]}, "n": HOSTILE, "long": LONG, "\u202e": "\x01"}
    ask(school, "update school.student set full_name = %s where id = %s", "Ann Ågren 李\x07", ANN)
    ask(
        school,
        "update public.student_module_progress set score = %s, completed_at = 'infinity', "
        "progress_details = %s, last_updated = '0044-03-15 BC' where student_id = %s and module_id = %s",
        PRECISE,
        Jsonb(details),
        ANN,
        COURSE,
    )
    assert lock(cora, ANN, COURSE, [Field.SCORE], HOSTILE) is None
    platform(school, ANN, COURSE, "score = 12.00")
    assert unlock(cora, ANN, COURSE) is None
    edit = Edit(ANN, people.PROJECT, {Field.SCORE: Decimal("70.0000000000000007")}, EMPTY_ROW)
    assert save(cora, [edit], "Ann's project").saved
    ask(
        school,
        "insert into dashboard.dismissal (rule, student_id, module_id, values_digest, author_id, reason) "
        "values ('x', %s, %s, repeat('a', 32), %s, 'why')",
        ANN,
        COURSE,
        COORDINATOR,
    )
    tess = people.actor(school.database, TEACHER)
    write(tess, ANN, Content("One\n<b>two</b>"), key=uuid4())
    with acting_as(tess) as connection:
        (note,) = read_notes(connection, ANN)
    correct(tess, note, Content(HOSTILE), key=uuid4())
    with acting_as(tess) as connection:
        (note,) = read_notes(connection, ANN)
    withdraw(tess, note, key=uuid4())
    seen = FlagResponse(CLASS_1A, ANN, "failed", "seen", 1)
    assert respond(tess, seen, key=uuid4()) is None
    ask(school, "select internal.record_flags('0')")
    for actor in (cora, people.actor(school.database, ADMIN)):
        draft = [Edit(one, COURSE, {Field.PERCENTAGE: 41}, EMPTY_ROW) for one in (ANN, BEN)]
        assert save_draft(actor, CLASS_1A, draft) is None
    for owner, name, parameters in (
        (COORDINATOR, "Mine", {"name": "ann agren 李\x07"}),
        (COORDINATOR, "Others", {"name": "Ben"}),
        (ADMIN, "Hers", {"student": str(ANN)}),
    ):
        ask(
            school,
            "insert into dashboard.saved_view (owner_id, name, parameters) values (%s, %s, %s)",
            owner,
            name,
            Jsonb(parameters),
        )


@pytest.fixture
def cora(shared: Scratch) -> Actor:
    return people.actor(shared.database, COORDINATOR)


def all_on(actor: Actor, student: UUID = ANN) -> gather.StudentRecord:
    found = gather.student_record(actor, student)
    assert isinstance(found, gather.StudentRecord)
    return found


def document(found: gather.StudentRecord) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(record_as_json(found), parse_float=Decimal)
    return read


EVERY_TABLE = """
select oid::regclass::text as table
from pg_class
where relkind in ('r', 'p')
    and not relispartition
    and relnamespace::regnamespace::text in ('public', 'auth', 'school', 'dashboard', 'internal')
    and exists (select from pg_attribute where attrelid = pg_class.oid and attname = 'student_id')
order by 1
"""


COUNTS = {
    "internal.worked_week",
    *("internal.standing", "internal.student_part", "internal.unsettled", "internal.doubt"),
    "internal.class_summary",
    "internal.dropped_trace",
}
"""Sums of what is in it, kept to be added up, and that they are to be counted again; and whom an archive is
about: its saves are in it (test_restored_months.py)."""


def test_every_row_of_every_table_that_names_the_student_is_in_it(
    shared: Scratch, cora: Actor
) -> None:
    """A table that is added later fails here until it is in."""
    found = all_on(cora)
    lines = [line.values for part in found.parts.values() for line in part]
    tables = [one["table"] for one in ask(shared, EVERY_TABLE) if one["table"] not in COUNTS]
    assert len(tables) >= 8
    for table in tables:
        rows = ask(
            shared,
            f"select array(select array[key, value] from json_each_text(row_to_json(t))) as pairs "
            f"from {table} as t where student_id = %s",
            ANN,
        )
        assert rows, f"the control: nothing of Ann in {table}"
        for row in rows:
            stored = dict(row["pairs"])
            assert any(stored.items() <= line.items() for line in lines), (table, stored)


@pytest.mark.parametrize("student", [ANN, *(UUID(int=2000 + number) for number in range(0, 18, 3))])
def test_the_counts_are_those_of_the_tables(shared: Scratch, cora: Actor, student: UUID) -> None:
    found = all_on(cora, student)
    counts = {part.key: count for part, count in gather.counted(found)}
    for key, table in (
        ("class", "school.class_student"),
        ("progress", "public.student_module_progress"),
        *(
            (name, f"dashboard.{name}")
            for name in ("fact", "history", "lock", "lock_attempt", "note")
        ),
    ):
        (stored,) = ask(shared, f"select count(*) from {table} where student_id = %s", student)
        assert counts[key] == stored["count"], key
    read = document(found)
    assert {key: part["count"] for key, part in read["parts"].items()} == counts
    assert all(len(part["rows"]) == part["count"] for part in read["parts"].values())


def test_digits_dates_and_characters_are_as_they_are_stored(cora: Actor) -> None:
    parts = document(all_on(cora))["parts"]
    assert parts["person"]["rows"][0]["full_name"] == "Ann Ågren 李\x07"
    assert parts["person"]["rows"][0]["name_of_organisation"] == "North School"
    row = next(one for one in parts["progress"]["rows"] if one["module_id"] == str(COURSE))
    assert row["completed_at"] == "infinity"
    assert str(row["score"]) == str(PRECISE)
    details = row["progress_details"]
    assert (details["long"], details["n"], details["\u202e"]) == (LONG, HOSTILE, "\x01")
    assert details["b"]["deep"][1]["x"] == 10**300
    history = parts["history"]["rows"]
    scores = [str(one["after"]["score"]) for one in history if (one["after"] or {}).get("score")]
    assert {str(PRECISE), "70.0000000000000007"} <= set(scores)
    poisoned = [(one["after"] or {}).get("last_updated") for one in history]
    assert "0044-03-15T00:00:00+00:00 BC" in poisoned
    assert [one["reason"] for one in parts["batch"]["rows"]] == ["Ann's project"]
    assert [one["reason"] for one in parts["lock"]["rows"]] == [HOSTILE]
    assert [one["act"] for one in parts["note"]["rows"]] == ["written", "corrected", "withdrawn"]
    assert {one["name_of_author"] for one in parts["note"]["rows"]} == {"Tess Teacher"}


def test_of_drafts_and_views_only_those_that_the_person_sees_and_that_name_the_student(
    shared: Scratch, cora: Actor
) -> None:
    parts = document(all_on(cora))["parts"]
    assert [one["edit"]["student"] for one in parts["draft"]["rows"]] == [str(ANN)]
    assert [one["name"] for one in parts["saved_view"]["rows"]] == ["Mine"]
    ada = document(all_on(people.actor(shared.database, ADMIN)))["parts"]
    assert [one["edit"]["student"] for one in ada["draft"]["rows"]] == [str(ANN)]
    assert [one["name"] for one in ada["saved_view"]["rows"]] == ["Hers"]


def test_who_saw_it_is_in_an_administrators_document_alone(shared: Scratch, cora: Actor) -> None:
    assert document(all_on(cora))["parts"]["disclosure"]["rows"] == []
    ada = document(all_on(people.actor(shared.database, ADMIN)))["parts"]["disclosure"]["rows"]
    assert ("Cora Coordinator", "record") in {(one["name_of_person"], one["kind"]) for one in ada}


def test_the_document_is_the_same_each_time_but_for_its_moment(cora: Actor) -> None:
    one, two = (record_as_json(all_on(cora)).splitlines() for _ in range(2))
    assert one[2].startswith(b'"made_at"')
    assert one[:2] + one[3:] == two[:2] + two[3:]
    assert all(part.meaning for part in gather.PARTS)


def test_the_workbook_says_the_same_as_text_and_no_formula(cora: Actor) -> None:
    found = all_on(cora)
    book = CalamineWorkbook.from_filelike(io.BytesIO(record_as_xlsx(found)))
    assert book.sheet_names == ["About this file", *(part.title for part in gather.PARTS)]
    for part in gather.PARTS:
        heads, *rows = book.get_sheet_by_name(part.title).to_python()
        lines = found.parts[part.key]
        if not lines:
            assert heads == ["Nothing is stored here."]
            continue
        whole: list[list[str]] = []
        first = str(heads[0])
        for row in rows:
            if row[heads.index(first)]:
                whole.append([""] * len(heads))
            whole[-1] = [before + str(piece) for before, piece in zip(whole[-1], row, strict=True)]
        assert len(whole) == len(lines)
        for line, joined in zip(lines, whole, strict=True):
            told = [(line.values.get(str(name)) or "").replace("\x07", "�") for name in heads]
            assert joined == told
    score = found.parts["history"]
    assert any("66.6666666666666667" in (line.values["after"] or "") for line in score)
    about = [row[0] for row in book.get_sheet_by_name("About this file").to_python()]
    assert "Texts with characters that a spreadsheet cannot hold, each now �" in about
    assert not any("cut" in str(what) for what in about)
    assert record_file_name(found, "xlsx").startswith("All stored data of Ann Ågren 李 20")


def test_who_may_not_is_told_so_and_both_are_logged_without_names(
    shared: Scratch, cora: Actor, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "progress.audit")
    for person in (TEACHER, SOUTH_COORDINATOR, ANN, people.DISABLED):
        found = gather.student_record(people.actor(shared.database, person), ANN)
        assert found == gather.NOT_OF_YOUR_SCHOOL
    all_on(cora)
    nowhere = gather.student_record(cora, UUID(int=5))
    assert isinstance(nowhere, Problem)
    assert caplog.messages[0] == f"everything refused actor={TEACHER} student={ANN}"
    assert caplog.messages[-2] == f"everything given actor={COORDINATOR} student={ANN}"
    assert "Ann" not in caplog.text


def test_the_command_writes_it_for_who_may_have_it(shared: Scratch, tmp_path: Any) -> None:
    file = tmp_path / "ann.json"
    asked = ("student-record", "--actor", "cora@example.org", "--student")
    result = run(*asked, "ANN@example.org", "--output", str(file), **at(shared))
    assert (result.exit_code, result.stderr) == (0, "")
    assert "is written to" in result.stdout
    assert file.stat().st_mode & 0o077 == 0
    assert json.loads(file.read_text())["student_id"] == str(ANN)
    again = run(*asked, str(ANN), **at(shared), PROGRESS_AUDIT_LOG=None)
    # Without a file for it, it is told where errors are.
    (line,) = again.stderr.splitlines()
    assert line.endswith(f" progress.audit everything given actor={COORDINATOR} student={ANN}")
    printed = again.stdout
    assert json.loads(printed)["parts"] == json.loads(file.read_text())["parts"]
    book = tmp_path / "ann.xlsx"
    assert (
        run(*asked, str(ANN), "--format", "xlsx", "--output", str(book), **at(shared)).exit_code
        == 0
    )
    assert book.read_bytes().startswith(b"PK")
    assert run(*asked, str(ANN), "--format", "xlsx", **at(shared)).exit_code == 2
    for actor, student, words in (
        ("tess@example.org", str(ANN), "not among those you answer for"),
        ("cora@example.org", str(people.DAN), "not among those you answer for"),
        ("cora@example.org", "dan@example.org", "no student with the e-mail dan@example.org"),
        ("nobody@example.org", str(ANN), "Nobody on the staff"),
    ):
        assert refused(
            run("student-record", "--actor", actor, "--student", student, **at(shared)), words
        )
    nowhere = str(tmp_path / "no" / "where")
    assert refused(run(*asked, str(ANN), "--output", nowhere, **at(shared)), "cannot be written")
