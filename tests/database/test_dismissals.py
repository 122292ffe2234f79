"""What was judged and left as it is: listed no more, until it changes or is checked again."""

from collections.abc import Callable
from uuid import UUID

import pytest

from data.access.session import Actor, acting_as
from data.reading.data_check.found import dismissals
from data.reading.data_check.whole_database import broken_rules
from data.writing.dismissals import dismiss, withdraw_dismissals
from tests import people
from tests.clusters import Scratch
from tests.database.data_check_findings import found, keys
from tests.database.rows_as_owner import platform
from tests.people import BEN, COURSE

Act = Callable[[UUID], Actor]


def test_what_is_left_as_it_is_is_listed_no_more_until_it_changes(
    school: Scratch, cora: Actor, act: Act
) -> None:
    platform(school, BEN, COURSE, "completed_at = null, score = 300")
    dated, scored = found(cora)
    assert dismiss(cora, [dated], " Date lost in the move ") is None
    assert keys(cora) == ["score_out_of_range"]
    assert keys(act(people.ADMIN)) == ["score_out_of_range"]
    with acting_as(act(people.TEACHER)) as connection:
        (left,) = dismissals(connection)
    assert (left.rule, left.student_name, left.module_name, left.author, left.reason) == (
        "completed_without_date",
        "Ben O'Neill",
        "Fractions",
        "Cora Coordinator",
        "Date lost in the move",
    )
    # What the judgement was not about does not matter; what it was about does.
    platform(school, BEN, COURSE, "progress_percentage = 100, last_updated = now(), score = 301")
    assert keys(cora) == ["score_out_of_range"]
    platform(school, BEN, COURSE, "status = 'InProgress', progress_percentage = 20")
    platform(school, BEN, COURSE, "status = 'Completed', progress_percentage = 100")
    assert keys(cora) == ["score_out_of_range"]
    assert dismiss(cora, [scored]) is None  # judged at 300, and it is 301 by now
    assert keys(cora) == ["score_out_of_range"]
    assert dismiss(cora, found(cora)) is None
    assert keys(cora) == []


def test_a_judgement_can_be_taken_back(school: Scratch, cora: Actor) -> None:
    platform(school, BEN, COURSE, "completed_at = null")
    dismiss(cora, found(cora))
    assert keys(cora) == []
    assert withdraw_dismissals(cora, "score_out_of_range", [(BEN, COURSE)]) == 0
    assert withdraw_dismissals(cora, "completed_without_date", [(BEN, COURSE)]) == 1
    assert keys(cora) == ["completed_without_date"]


def test_the_owner_finds_what_people_find_and_what_they_left_no_more(
    school: Scratch, cora: Actor
) -> None:
    elsewhere = school.owner_url + "&options=-c%20timezone%3DAsia/Kolkata"
    platform(school, BEN, COURSE, "completed_at = '2999-01-01'")
    platform(school, people.DAN, COURSE, "score = 200")
    assert [(one.rule.key, one.count) for one in broken_rules(elsewhere)] == [
        ("score_out_of_range", 1),
        ("completed_in_future", 1),
    ]
    dismiss(cora, found(cora))
    assert [one.rule.key for one in broken_rules(elsewhere)] == ["score_out_of_range"]


@pytest.mark.parametrize("reason", ["x" * 501, "a\x00b", "a\ud800b"])
def test_a_reason_that_cannot_be_stored_is_refused_in_words(
    school: Scratch, cora: Actor, reason: str
) -> None:
    platform(school, BEN, COURSE, "completed_at = null")
    problem = dismiss(cora, found(cora), reason)
    assert problem is not None
    assert problem.code == "reason"
    assert keys(cora) == ["completed_without_date"]


def test_a_teacher_sees_findings_and_decides_nothing(
    school: Scratch, cora: Actor, act: Act
) -> None:
    platform(school, BEN, COURSE, "completed_at = null")
    tess = act(people.TEACHER)
    findings = found(tess)
    assert [one.rule for one in findings] == ["completed_without_date"]
    problem = dismiss(tess, findings)
    assert problem is not None
    assert problem.code == "refused"
    assert keys(cora) == ["completed_without_date"]
    assert dismiss(cora, findings) is None
    assert withdraw_dismissals(tess, "completed_without_date", [(BEN, COURSE)]) == 0
    assert keys(cora) == []
