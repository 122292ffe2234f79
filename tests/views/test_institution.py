"""The institution first, on the overview of whoever sees all of it."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.components.formats import share
from dashboard.views.overview.institution import MOST
from data import demo
from tests.views.conftest import Open, Owner, mounted, words


def drawn(test: AppTest, key: str) -> Any:
    """What our component of this key was handed, or None where there is none."""
    assert not test.exception
    parts = [one.proto for one in test.get("bidi_component")]
    return next((json.loads(one.json) for one in parts if one.id.endswith(f"-{key}")), None)


def lines(test: AppTest) -> dict[str, Any]:
    """The block's rows: links as address and words, and what is said behind them."""
    _, _, rows, *_ = drawn(test, "institution")
    return {row[0]: ({words: href for href, words, _ in row[1][1]}, row[1][2]) for row in rows}


@pytest.mark.parametrize("person", [demo.COORDINATOR_ONE, demo.ADMIN])
def test_it_comes_before_today(open_page: Open, person: UUID) -> None:
    test = open_page(person)
    keys = [one.proto.id.rpartition("-")[2] for one in test.get("bidi_component")]
    assert keys.index("institution") < keys.index("today")
    (_, to_classes), (_, *_) = lines(test)["Moved least in 7 days"], lines(test)["Rows in doubt"]
    assert to_classes == "modules completed per student"
    assert "People and classes were last changed: " in words(test)


def test_a_teacher_is_shown_no_institution(open_page: Open) -> None:
    test = open_page(demo.TEACHER_ONE)
    assert drawn(test, "today") is not None
    assert drawn(test, "institution") is None
    assert "People and classes were last changed" not in words(test)


def test_the_classes_that_moved_least_are_those_of_the_table_below(open_page: Open) -> None:
    test = open_page(demo.ADMIN)
    _, heads, rows, *_ = drawn(test, "classes")
    week, students = (
        [head[0] for head in heads].index(name) for name in ("Last 7 days", "Students")
    )
    moved = {row[0][1]: int(row[week]) / int(row[students]) for row in rows if row[week]}
    named, _ = lines(test)["Moved least in 7 days"]
    assert named
    assert list(named.values()) == sorted(moved, key=moved.__getitem__)[: len(named)]
    for label, address in named.items():
        assert abs(float(label.rpartition(": ")[2]) - moved[address]) <= 0.05


BELOW = """
select module.id::text as module, count(*) as scored,
    count(*) filter (where fact.shown_score < module.pass_mark) as failed
from school.class
join school.class_student on class_student.class_id = class.id
join school.class_module on class_module.class_id = class.id
join school.module on module.id = class_module.module_id
join dashboard.fact using (student_id, module_id)
where class.archived_at is null and fact.shown_score between 0 and 100
group by module.id
having count(*) >= 10
"""


def test_the_modules_that_fail_most_are_named_with_their_share(
    open_page: Open, owner: Owner
) -> None:
    counted = owner.execute(BELOW).fetchall()
    below = {str(module): (scored, failed) for module, scored, failed in counted if failed}
    named, rest = lines(open_page(demo.ADMIN))["Modules that fail most"]
    assert rest == "scores below the pass mark"
    shares = sorted((failed / scored for scored, failed in below.values()), reverse=True)[:MOST]  # type: ignore[operator]
    found = []
    for label, address in named.items():
        scored, failed = below[address.removeprefix("module?class=all&module=")]
        found.append(failed / scored)  # type: ignore[operator]
        assert label.endswith(f": {share(failed, scored)} of {scored:,}")  # type: ignore[arg-type]
    assert found == shares
    label, address = next(iter(named.items()))
    asked = dict(each.split("=") for each in address.removeprefix("module?").split("&"))
    opened = open_page(demo.ADMIN, "module", **asked)
    assert label.rpartition(": ")[0] in words(opened) + mounted(opened)


def test_no_row_is_drawn_where_nobody_is_below_a_mark(open_page: Open, owner: Owner) -> None:
    owner.execute("create table public.scores_kept as select * from internal.class_score")
    owner.execute("update internal.class_score set failed = 0")
    owner.execute("update school.class set name = name")
    try:
        assert "Modules that fail most" not in lines(open_page(demo.COORDINATOR_ONE))
    finally:
        owner.execute("delete from internal.class_score")
        owner.execute("insert into internal.class_score select * from public.scores_kept")
        owner.execute("drop table public.scores_kept")
        owner.execute("update school.class set name = name")


def test_rows_in_doubt_are_as_many_as_the_data_check_finds(open_page: Open) -> None:
    found, _ = lines(open_page(demo.COORDINATOR_ONE))["Rows in doubt"]
    (whole, address), (kind, to_kind), *_ = found.items()
    assert address == "check"
    opened = words(open_page(demo.COORDINATOR_ONE, "check"))
    assert f"{whole.removesuffix(' in all')} need" in opened
    asked = to_kind.partition("=")[2]
    title, _, rows = kind.rpartition(": ")
    one = words(open_page(demo.COORDINATOR_ONE, "check", kind=asked))
    assert title in one
    assert f"{rows} row" in one


def test_a_holiday_is_told_in_a_sentence(open_page: Open, owner: Owner) -> None:
    owner.execute("create table public.class_day_kept as select * from internal.class_day")
    owner.execute(
        "update internal.class_day set completions = 0 where day > now() - interval '8 days'"
    )
    owner.execute("delete from internal.unsettled")
    owner.execute("update school.class set name = name")
    try:
        test = open_page(demo.COORDINATOR_ONE)
        row = next(one for one in drawn(test, "institution")[2] if one[0].startswith("Moved"))
        assert row[1] == ["links", [], "No class completed anything.", False]
    finally:
        owner.execute("delete from internal.class_day")
        owner.execute("insert into internal.class_day select * from public.class_day_kept")
        owner.execute("drop table public.class_day_kept")


def test_the_time_of_the_last_change_of_people_is_told(open_page: Open, owner: Owner) -> None:
    # Of others' people nothing is told.
    row = owner.execute(
        "select max(at), now() from dashboard.roster_change where organisation_id = "
        "(select organisation_id from school.staff where id = %s)",
        (demo.COORDINATOR_ONE,),
    ).fetchone()
    assert row
    changed, now = row
    assert now - changed < timedelta(days=1)  # type: ignore[operator]
    told = words(open_page(demo.COORDINATOR_ONE))
    assert f"last changed: {changed:%H:%M}." in told or f"{changed:%Y, %H:%M}." in told
