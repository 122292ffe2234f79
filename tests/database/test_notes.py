"""Notes: written once, corrected and withdrawn by their author, and nothing of them ever lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.access.errors import DatabaseAway
from data.access.session import Actor, acting_as, connect
from data.reading.notes import Note, note_count
from data.reading.notes import notes as read_notes
from data.rules.progress import Problem
from data.writing import notes
from data.writing.notes import Content, check_note, correct, withdraw, write
from tests import people
from tests.clusters import Scratch
from tests.database.rows_as_owner import ask
from tests.people import ANN, BEN, CLEO, COORDINATOR, OTHER_TEACHER, STRANGER, TEACHER
from tests.profiles import examples

DAY = date(2026, 3, 1)


@pytest.fixture
def tess(school: Scratch) -> Actor:
    return people.actor(school.database, TEACHER)


def read(actor: Actor, student: UUID = ANN) -> list[Note]:
    with acting_as(actor) as connection:
        found = read_notes(connection, student)
        standing = [one for one in found if one.withdrawn_at is None]
        assert note_count(connection, student) == len(standing)
        return found


def stored(school: Scratch) -> list[dict[str, Any]]:
    return ask(school, "select * from dashboard.note order by number")


def code(problem: Problem | None) -> str | None:
    return problem.code if problem else None


def test_notes_are_read_newest_first_with_their_authors(school: Scratch, tess: Actor) -> None:
    cora = people.actor(school.database, COORDINATOR)
    assert write(tess, ANN, Content("  First\r\n line "), key=uuid4()) is None
    assert write(cora, ANN, Content("Called the mother", "phone", DAY), key=uuid4()) is None
    assert write(cora, BEN, Content("Of somebody else"), key=uuid4()) is None
    newest, first = read(tess)
    assert (newest.author, first.author) == ("Cora Coordinator", "Tess Teacher")
    assert (newest.current.channel, newest.current.happened_on) == ("phone", DAY)
    assert (first.current.kind, first.current.text) == ("note", "First\n line")
    assert first.earlier == ()
    assert newest.current.written_at > first.current.written_at


def test_a_correction_is_what_it_says_now_and_the_earlier_versions_stay(tess: Actor) -> None:
    write(tess, ANN, Content("one"), key=uuid4())
    write(tess, ANN, Content("another note"), key=uuid4())
    for text in ("two", "three"):
        assert correct(tess, read(tess)[1], Content(text, "meeting", DAY), key=uuid4()) is None
    note = read(tess)[1]
    assert note.current.text == "three"
    assert [one.text for one in note.earlier] == ["one", "two"]
    assert note.author == "Tess Teacher"


def test_a_withdrawn_note_stays_to_be_read_and_is_over(tess: Actor) -> None:
    write(tess, ANN, Content("wrong"), key=uuid4())
    (note,) = read(tess)
    assert withdraw(tess, note, key=uuid4()) is None
    (over,) = read(tess)
    assert over.withdrawn_at is not None
    assert over.current.text == "wrong"
    assert code(correct(tess, over, Content("again"), key=uuid4())) == "moved"
    assert code(withdraw(tess, over, key=uuid4())) == "moved"
    assert read(tess) == [over]


def test_two_corrections_of_one_version_are_not_both_taken(tess: Actor) -> None:
    write(tess, ANN, Content("one"), key=uuid4())
    (seen,) = read(tess)
    assert correct(tess, seen, Content("here"), key=uuid4()) is None
    assert correct(tess, seen, Content("there"), key=uuid4()) == notes.MOVED
    assert [one.current.text for one in read(tess)] == ["here"]


def test_a_retry_writes_once(school: Scratch, tess: Actor) -> None:
    """A note, its correction and its withdrawal, each told twice and by four at once."""
    key = uuid4()
    with ThreadPoolExecutor(4) as threads:
        told = list(threads.map(lambda _: write(tess, ANN, Content("once"), key=key), range(8)))
    assert told == [None] * 8
    (seen,) = read(tess)
    key = uuid4()
    with ThreadPoolExecutor(4) as threads:
        told = list(threads.map(lambda _: correct(tess, seen, Content("twice"), key=key), range(8)))
    assert told == [None] * 8
    (seen,) = read(tess)
    key = uuid4()
    assert [withdraw(tess, seen, key=key) for _ in range(3)] == [None] * 3
    assert [one["act"] for one in stored(school)] == ["written", "corrected", "withdrawn"]


def test_an_id_that_is_taken_by_another_text_is_told_and_nothing_is_lost(
    school: Scratch, tess: Actor
) -> None:
    key = uuid4()
    assert write(tess, ANN, Content("first"), key=key) is None
    assert write(tess, ANN, Content("second"), key=key) == notes.ALREADY
    assert write(tess, BEN, Content("first"), key=key) == notes.ALREADY
    other = people.actor(school.database, OTHER_TEACHER)
    assert write(other, CLEO, Content("mine"), key=key) == notes.ALREADY
    assert [one["text"] for one in stored(school)] == ["first"]


def test_a_contact_is_noted_on_each_of_many_once_or_on_none(school: Scratch, tess: Actor) -> None:
    content, key = Content("Asked for the missing work", "e-mail", DAY), uuid4()
    assert notes.write_each(tess, [ANN, BEN], Content(" "), key=key) == notes.EMPTY
    # One is not hers: so none, though the others are (the control follows).
    assert notes.write_each(tess, [ANN, CLEO, BEN], content, key=key) == notes.NOT_YOURS
    assert stored(school) == []
    with ThreadPoolExecutor(4) as threads:
        told = threads.map(lambda _: notes.write_each(tess, [ANN, BEN], content, key=key), range(8))
        assert list(told) == [None] * 8
    assert {one["student_id"] for one in stored(school)} == {ANN, BEN}
    assert [read(tess, one)[0].current.text for one in (ANN, BEN)] == [content.text] * 2
    other = Content("Another text", "e-mail", DAY)
    assert notes.write_each(tess, [ANN, BEN], other, key=key) == notes.ALREADY
    assert len(stored(school)) == 2


def test_whoever_may_not_write_is_told_in_words(school: Scratch, tess: Actor) -> None:
    write(tess, ANN, Content("of Tess"), key=uuid4())
    (note,) = read(tess)
    cora = people.actor(school.database, COORDINATOR)
    assert correct(cora, note, Content("of Cora"), key=uuid4()) == notes.NOT_YOURS
    assert withdraw(cora, note, key=uuid4()) == notes.NOT_YOURS
    for person in (ANN, OTHER_TEACHER, people.DISABLED, people.SOUTH_COORDINATOR, STRANGER):
        actor = people.actor(school.database, person)
        assert write(actor, ANN, Content("x"), key=uuid4()) == notes.NOT_YOURS
        assert read(actor) == []
    assert len(stored(school)) == 1


@pytest.mark.usefixtures("altered")
def test_nobody_rewrites_a_note_the_owner_included(school: Scratch, tess: Actor) -> None:
    write(tess, ANN, Content("stays"), key=uuid4())
    for statement in (
        "update dashboard.note set text = 'other'",
        "delete from dashboard.note",
        "truncate dashboard.note",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            ask(school, statement)
    row = stored(school)[0]
    # Nor does the owner sign for others, or move a note to another student.
    revise = (
        "insert into dashboard.note (id, student_id, author_id, revises, act, kind, text) "
        "values (gen_random_uuid(), %s, %s, %s, 'corrected', 'note', 'x')"
    )
    for student, author in ((ANN, COORDINATOR), (BEN, TEACHER)):
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            ask(school, revise, student, author, row["id"])
    ask(school, revise, ANN, TEACHER, row["id"])  # the control
    withdrawal = stored(school)[1]["id"]
    ask(
        school,
        "insert into dashboard.note (id, student_id, author_id, revises, act) "
        "values (gen_random_uuid(), %s, %s, %s, 'withdrawn')",
        ANN,
        TEACHER,
        withdrawal,
    )
    with pytest.raises(psycopg.errors.CheckViolation, match="withdrawn stays so"):
        ask(school, revise, ANN, TEACHER, stored(school)[2]["id"])


def insert(school: Scratch, **values: object) -> None:
    given = {"kind": "note", "channel": None, "happened_on": None, "text": "x", "act": "written"}
    columns = given | values
    ask(
        school,
        f"insert into dashboard.note (id, student_id, author_id, {', '.join(columns)}) "
        f"values (gen_random_uuid(), %s, %s{', %s' * len(columns)})",
        ANN,
        TEACHER,
        *columns.values(),
    )


@pytest.mark.parametrize(
    "values",
    [
        {"text": None},
        {"text": ""},
        {"text": " \n\t"},
        {"text": "a" * 4001},
        {"kind": None},
        {"kind": "gossip"},
        {"act": "erased"},
        {"act": "corrected"},
        {"act": "withdrawn", "kind": None, "text": None},
        {"channel": "phone"},
        {"happened_on": DAY},
        {"kind": "contact", "channel": "phone"},
        {"kind": "contact", "happened_on": DAY},
        {"kind": "contact", "channel": "pigeon", "happened_on": DAY},
        {"kind": "contact", "channel": "phone", "happened_on": "infinity"},
        {"kind": "contact", "channel": "phone", "happened_on": "1899-12-31"},
    ],
)
def test_the_database_takes_no_note_that_cannot_be(
    school: Scratch, values: dict[str, object]
) -> None:
    insert(school)  # the control
    insert(school, kind="contact", channel="phone", happened_on=DAY)
    with pytest.raises(psycopg.errors.CheckViolation):
        insert(school, **values)


def test_a_day_to_come_is_told_in_words(tess: Actor) -> None:
    today = datetime.now(UTC).date()
    assert write(tess, ANN, Content("x", "phone", today), key=uuid4()) is None
    far = today + timedelta(days=3)
    assert write(tess, ANN, Content("x", "phone", far), key=uuid4()) == notes.WRONG_DAY


def test_the_program_and_the_database_refuse_the_same_characters(fresh_database: Scratch) -> None:
    (told,) = ask(
        fresh_database,
        """
        select array_agg(point order by point) as refused
        from (
            select generate_series(1, x'30ff'::int) union all
            select generate_series(x'd700'::int, x'd7ff'::int) union all
            select generate_series(x'e000'::int, x'e0ff'::int) union all
            select generate_series(x'f8ff'::int, x'ffff'::int) union all
            select generate_series(x'1f300'::int, x'1f3ff'::int) union all
            select generate_series(x'dfff0'::int, x'e01ff'::int)
        ) as points (point)
        where chr(point) ~ (
            select substring(pg_get_constraintdef(oid) from $$'(\\[.*\\])'$$)
            from pg_constraint
            where conname = 'note_is_plain'
        )
        """,
    )
    ranges = [(1, 0x30FF), (0xD700, 0xD7FF), (0xE000, 0xE0FF), (0xF8FF, 0xFFFF),
              (0x1F300, 0x1F3FF), (0xDFFF0, 0xE01FF)]  # fmt: skip
    points = [point for first, last in ranges for point in range(first, last + 1)]
    assert told["refused"] == [point for point in points if notes.UNSEEN.match(chr(point))]
    assert len(told["refused"]) > 200


@examples(80)
@given(
    st.text(max_size=60)
    | st.text(alphabet=st.sampled_from("ab\x00\u202e\u200b\r\n\t\ud800 '\"%:\\<")),
    st.none() | st.sampled_from([*notes.CHANNELS, "", "x"]),
    st.none() | st.dates(max_value=date(2026, 1, 1)),
)
def test_any_text_is_refused_by_name_or_read_back(
    shared: Scratch, text: str, channel: str | None, day: date | None
) -> None:
    tess, key = people.actor(shared.database, TEACHER), uuid4()
    content = Content(text, channel, day)
    problem = write(tess, ANN, content, key=key)
    assert problem == check_note(content) or problem == notes.WRONG_DAY
    found = {one.id: one.current for one in read(tess)}
    assert (key in found) == (problem is None)
    if problem is None:
        expected = text.replace("\r\n", "\n").replace("\r", "\n").strip()
        assert found[key].text == expected
        assert found[key].happened_on == (day if channel else None)


def test_a_database_that_is_away_is_said_so(tess: Actor) -> None:
    away = connect("postgresql://u@/db?host=/nowhere", pool_size=1)
    with pytest.raises(DatabaseAway):
        write(people.actor(away, TEACHER), ANN, Content("x"), key=uuid4())
    assert read(tess) == []
