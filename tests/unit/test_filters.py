"""FILTERS: what a link says is what is filtered, and what is filtered is what the link says."""

import re
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.views.grid import filters as grid_page
from data.reading.catalogue import MODULE
from data.reading.classes import grid, matrix
from data.reading.filters import (
    FILTERS,
    Relation,
    Scope,
    narrows,
    parameters,
    read_filters,
    where,
    write_filters,
)
from data.rules.progress import Status

KEY = UUID("00000000-0000-4000-8000-000000000011")
ALL: dict[str, Any] = {
    "class": KEY,
    "name": "Ann",
    "type": "course",
    "module": KEY,
    "status": Status.COMPLETED,
    "attention": "needed",
    "score": (50.0, 80.0),
    "since": datetime(2026, 3, 1, tzinfo=UTC),
}

ON: dict[Scope, Relation] = {
    "class": Relation("cell", frozenset({"class_id"})),
    "student": matrix.ROW,
    "module": MODULE,
    "cell": matrix.CELL,
}
"""What the class page narrows."""


def test_there_is_a_row_for_each_filter_with_a_label_a_sentence_and_a_scope() -> None:
    assert [one.key for one in FILTERS] == list(ALL)
    assert len({one.label for one in FILTERS}) == len(FILTERS)
    for one in FILTERS:
        assert one.sentence(ALL[one.key], "Chosen").strip()


READ = [
    ("class", str(KEY), KEY),
    ("class", str(KEY).upper(), KEY),
    ("name", " Ann ", "Ann"),
    ("name", "%_\\", "%_\\"),
    ("type", "Course", "course"),
    ("module", str(KEY), KEY),
    ("status", "Completed", Status.COMPLETED),
    ("attention", "needed", "needed"),
    ("score", "0-100", (0.0, 100.0)),
    ("score", "50-80.5", (50.0, 80.5)),
    ("score", "50-50", (50.0, 50.0)),
    ("since", "2026-03-01", datetime(2026, 3, 1, tzinfo=UTC)),
]


@pytest.mark.parametrize(("key", "written", "value"), READ)
def test_a_link_is_read(key: str, written: str, value: object) -> None:
    assert read_filters({key: written}) == ({key: value}, [])


@pytest.mark.parametrize(
    ("zone", "begins"),
    [
        ("Pacific/Auckland", "2026-02-28T11:00Z"),
        ("America/Los_Angeles", "2026-03-01T08:00Z"),
        ("UTC", "2026-03-01T00:00Z"),
    ],
)
def test_a_day_begins_where_its_reader_is(zone: str, begins: str) -> None:
    """Who is said to be active on a day is active since it."""
    chosen, _ = read_filters({"since": "2026-03-01"}, ZoneInfo(zone))
    assert chosen["since"] == datetime.fromisoformat(begins)
    assert write_filters(chosen) == {"since": "2026-03-01"}


UNREAD = [
    ("class", "1A"),
    ("class", ""),
    ("class", "\x00"),
    ("name", ""),
    ("name", "   "),
    ("name", "x" * 101),
    ("name", "x\x00"),
    ("name", "\ud800"),
    ("type", ""),
    ("type", "\x00"),
    ("module", "None"),
    ("status", "completed"),
    ("status", "Passed"),
    ("attention", ""),
    ("attention", "yes"),
    ("score", ""),
    ("score", "50"),
    ("score", "80-50"),
    ("score", "-5-50"),
    ("score", "50-101"),
    ("score", "nan-50"),
    ("score", "0-nan"),
    ("score", "0-inf"),
    ("score", "0-1e400"),
    ("score", "a-b"),
    ("since", "yesterday"),
    ("since", "2026-02-30"),
    ("since", "10000-01-01"),
    ("since", "2026-03-01T10:00"),
]


@pytest.mark.parametrize(("key", "written"), UNREAD)
def test_what_no_filter_could_have_written_is_named_and_left_out(key: str, written: str) -> None:
    label = next(one.label for one in FILTERS if one.key == key)
    others = {"name": "Ann"} if key != "name" else {"type": "course"}
    assert read_filters({key: written} | others) == (others, [label])


def test_what_is_no_filter_is_ignored() -> None:
    assert read_filters({"utm_source": "mail", "page": "2"}) == ({}, [])


NAMES = st.text(min_size=1, max_size=100).filter(lambda text: bool(text.strip())).map(str.strip)
CHOSEN = st.fixed_dictionaries(
    {},
    optional={
        "class": st.uuids(),
        "name": NAMES.filter(lambda text: "\x00" not in text),
        "type": st.sampled_from(["course", "assessment", "expert session"]),
        "module": st.uuids(),
        "status": st.sampled_from(Status),
        "attention": st.just("needed"),
        "score": st.tuples(st.floats(0, 100), st.floats(0, 100)).map(
            lambda pair: (abs(min(pair)), abs(max(pair)))
        ),
        "since": st.dates().map(lambda day: datetime.combine(day, time(), UTC)),
    },
)


@given(CHOSEN)
def test_what_is_written_to_the_url_is_read_back_equal(chosen: dict[str, Any]) -> None:
    assert read_filters(write_filters(chosen)) == (chosen, [])


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(ALL, st.text(st.characters(codec=None)))))
def test_any_link_is_read_or_named(written: dict[str, str]) -> None:
    chosen, unread = read_filters(written)
    assert len(chosen) + len(unread) == len(written)
    assert read_filters(write_filters(chosen)) == (chosen, [])


@given(CHOSEN)
def test_every_clause_finds_its_parameters(chosen: dict[str, Any]) -> None:
    sql = "".join(where(chosen, scope, ON[scope]) for scope in ON)
    bound = set(re.findall(r"(?<!:):([a-z_]+)", sql))
    assert bound == set(parameters(chosen))
    for one in FILTERS:
        assert (one.clause_on(ON[one.scope]) in sql) == (one.key in chosen)
        assert narrows(chosen, one.scope) == bool(where(chosen, one.scope, ON[one.scope]))


def test_no_value_ever_stands_in_the_sql() -> None:
    chosen = {**ALL, "name": "'; drop table", "type": "'; drop table"}
    for scope in ON:
        assert "drop" not in where(chosen, scope, ON[scope])


def test_nothing_chosen_is_no_clause() -> None:
    assert where({}, "student", matrix.ROW) == where({}, "cell", matrix.CELL) == ""
    assert parameters({}) == {}


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("class", "in 1A"),
        ("name", "whose name contains “Ann”"),
        ("type", "modules of type 1a"),
        ("module", "module 1A"),
        ("status", "with a module that is 1a"),
        ("attention", "who need attention"),
        ("score", "with a score from 50 to 80"),
        ("since", "active since 1 March 2026"),
    ],
)
def test_a_filter_says_itself(key: str, sentence: str) -> None:
    one = next(one for one in FILTERS if one.key == key)
    assert one.sentence(ALL[key], "1A") == sentence


def test_a_filter_speaks_of_the_relation_that_the_question_has() -> None:
    chosen = {"name": "Ann"}
    assert "internal.is_meant(row.full_name" in where(chosen, "student", matrix.ROW)
    assert "internal.is_meant(student.full_name" in where(chosen, "student", grid.STUDENT)
    with pytest.raises(ValueError, match="student has no last_activity: since"):
        where({"since": ALL["since"]}, "student", grid.STUDENT)


def test_every_filter_of_the_table_page_fits_what_it_narrows() -> None:
    chosen = {key: ALL[key] for key in ALL if key not in grid_page.OF_STUDENTS}
    narrowed = {"student": grid.STUDENT, "module": MODULE, "cell": grid.CELL}
    assert "".join(where(chosen, scope, on) for scope, on in narrowed.items()).count(" and ") == 4  # type: ignore[arg-type]
