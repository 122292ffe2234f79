"""The overview's first sentences and its table: the state, what is new, and no more classes than are read."""

import re
from html import unescape

import pytest

from dashboard.views.overview import class_rows
from data import demo
from tests.views.conftest import Open, Owner, words
from tests.views.test_institution import drawn


def column(drawing: list[list[list[str]]], name: str) -> int:
    return [head[0] for head in drawing[1]].index(name)


def test_the_first_sentences_say_how_far_the_classes_are_and_what_is_new(
    open_page: Open, owner: Owner
) -> None:
    owner.execute("delete from internal.news_read")
    test = open_page(demo.ADMIN)
    table, news = drawn(test, "classes"), drawn(test, "news")
    shares = [row[column(table, "Completed")][2] for row in table[2]]
    names = {row[column(table, "Completed")][2]: row[0][2] for row in table[2]}
    least, most = (by(shares, key=lambda one: int(one.split()[0])) for by in (min, max))
    told = unescape(words(test))
    assert f"in all: from {least} in {names[least]} to {most} in {names[most]}." in told
    first, (_, ((_, what, _), *_), *_) = news[2][0]
    assert re.search(
        rf"New since [\w ]+ in {len(news[2])} classes, first of all {first[2]}: ", told
    )
    assert what in told, "Of several students nobody is named anyway."


TAKEN_BACK = """
select distinct class.name
from internal.completion
join school.class_student using (student_id)
join school.class on class.id = class_student.class_id
where completion.change < 0 and completion.at > now() - interval '8 days'
"""


def test_seven_days_are_the_same_seven_days_in_both_tables(open_page: Open, owner: Owner) -> None:
    """But for what was taken back, even if it was completed again: the table's column counts it off."""
    owner.execute("delete from internal.news_read")
    taken_back = {str(name) for (name,) in owner.execute(TAKEN_BACK)}
    test = open_page(demo.ADMIN)
    table = drawn(test, "classes")
    week = {row[0][2]: int(row[column(table, "Last 7 days")]) for row in table[2]}
    compared = 0
    for (_, _, name), (_, ways, *_) in drawn(test, "news")[2]:
        if any(name.startswith(one) for one in taken_back):
            continue
        said = [re.match(r"([\d,]+) modules? completed", what) for _, what, _ in ways]
        assert [int(one[1]) for one in said if one] == [week[name]]
        compared += 1
    assert compared >= 2


def test_of_many_classes_those_in_need_come_first_and_the_others_when_asked_for(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = drawn(open_page(demo.ADMIN), "classes")
    need, students = (column(everything, name) for name in ("Need attention", "Students"))

    def part(row: list[list[list[list[str]]]]) -> float:
        return int(row[need][1][0][1]) / int(row[students])  # type: ignore[call-overload, no-any-return]

    monkeypatch.setattr(class_rows, "FIRST", 2)
    few = open_page(demo.ADMIN)
    shown = drawn(few, "classes")[2]
    assert shown == sorted(everything[2], key=part, reverse=True)[:2]
    assert "First come those with the largest share of students who need attention." in words(few)
    assert drawn(open_page(demo.ADMIN, "overview", classes="all"), "classes") == everything
    monkeypatch.setattr(class_rows, "FIRST", len(everything[2]))
    assert "First come those" not in words(open_page(demo.ADMIN)), "All of them are there."
