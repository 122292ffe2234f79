"""Whatever stands in an address, its page is drawn: what cannot be read is left out, without an error."""

from collections import Counter
from typing import Final

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from dashboard.pages import PAGES
from dashboard.views.school.sections import SECTIONS as SCHOOL
from data import demo
from tests.unit.any_input import NASTY, inputs
from tests.views.conftest import Open, words

PARAMETERS: Final = {
    "overview": {"class", "since"},
    "classroom": {
        "class", "day", "group", "module", "name", "pin", "score", "show", "since", "sort", "status", "type",
    },
    "student": {"list", "module", "show", "student"},
    "module": {"class", "module", "name", "need", "page", "score", "show", "since", "sort", "status"},
    "history": {
        "batch", "before", "entry", "module", "name", "person", "show", "since", "source", "student", "undo",
        "until",
    },
    "edit": {"module", "student"},
    "grid": {"class", "module", "name", "page", "score", "since", "status", "type"},
    "bulk": {"class", "module", "name", "status"},
    "upload": {"class"},
    "check": {"kind", "page"},
    "school": {
        "batch", "class", "colleague", "merge", "module", "name", "new", "show", "state", "student",
    },
}  # fmt: skip
EVERY: Final = set().union(*PARAMETERS.values())
"""What a page is tried with that has no row here."""

# No address holds half a surrogate pair.
SHORT: Final = [
    one for one in NASTY if len(one) < 400 and one == one.encode("utf-8", "ignore").decode()
]
NUMBERS: Final = ["²", "٣", "9" * 5000, "9" * 18, "-1", "0", "1", "NaN", "", ",", "1,2,3", "[]"]
DAYS: Final = ["9999-12-31", "0001-01-01", "2026-W01-1", "20261101", "1900-01-01", "2026-02-30"]
TEXT: Final = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


def parts(right: dict[str, list[str]]) -> st.SearchStrategy[tuple[str, dict[str, str]]]:
    """A page and what stands in its address: much that is right, so that the rest of it is read at all."""

    def of_page(page: str) -> st.SearchStrategy[tuple[str, dict[str, str]]]:
        def value(name: str) -> st.SearchStrategy[str]:
            nasty = st.sampled_from(SHORT + NUMBERS + DAYS) | TEXT
            return st.sampled_from(right[name]) | nasty if name in right else nasty

        of_each = {name: value(name) for name in sorted(PARAMETERS.get(page, EVERY))}
        return st.fixed_dictionaries({}, optional=of_each).map(lambda written: (page, written))

    return st.sampled_from([page.name for page in PAGES]).flatmap(of_page)


@pytest.fixture
def known(owner: psycopg.Connection[tuple[object, ...]]) -> dict[str, str]:
    """What an address may rightly name."""
    row = owner.execute(
        """
        select student_id::text, module_id::text, batch_id::text, id::text
        from dashboard.history
        where batch_id is not null
            and student_id in (select student_id from school.class_student where class_id = %s)
        order by id desc
        limit 1
        """,
        (demo.CLASS_ONE,),
    ).fetchone()
    assert row is not None
    named = dict(zip(("student", "module", "batch", "entry"), map(str, row), strict=True))
    return {"class": str(demo.CLASS_ONE), **named}


def test_any_value_of_any_part_of_any_pages_address(open_page: Open, known: dict[str, str]) -> None:
    right = {name: [value] * 3 for name, value in known.items()}
    shows = [one.key for one in SCHOOL]
    right |= {"undo": ["1"], "new": ["1"], "show": ["saves", "time", "scores", *shows]}
    right |= {"colleague": [str(demo.TEACHER_ONE)], "merge": right["student"], "state": ["all"]}
    test = open_page(demo.COORDINATOR_ONE)
    drawn: Counter[str] = Counter()

    @inputs(60)
    @given(parts(right))
    def any_address(asked: tuple[str, dict[str, str]]) -> None:
        page, written = asked
        visit(test, page, written)
        assert not test.exception, test.exception
        said = words(test)
        assert "Something went wrong" not in said
        assert "database" not in said
        drawn[page] += bool(said)

    any_address()
    assert len(drawn) > 6, drawn


def test_a_number_that_python_cannot_read_is_no_entry(
    open_page: Open, known: dict[str, str]
) -> None:
    """Found once: "²" is a digit, and int() takes no 5,000 of them."""
    test = open_page(demo.COORDINATOR_ONE)
    here = {name: known[name] for name in ("student", "module")}
    for entry in (known["entry"], "²", "9" * 5000):
        visit(test, "history", here | {"entry": entry})
        assert not test.exception
        assert ("Earlier value" in [one.label for one in test.selectbox]) == (
            entry == known["entry"]
        )


def visit(test: AppTest, page: str, written: dict[str, str]) -> None:
    test.switch_page(f"views/{page}/page.py")
    test.query_params.clear()
    for name, value in written.items():
        test.query_params[name] = value
    test.run()
