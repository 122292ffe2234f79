"""What a coordinator locked stays, whoever else writes."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from data.access.session import Actor
from data.rules.progress import Status
from data.writing.locks import lock
from data.writing.save import save
from tests.clusters import Scratch
from tests.database.locks.locked_course import RECOMPUTED, cells, history, locks_of, tried
from tests.database.rows_as_owner import (
    SC,
    C,
    P,
    S,
    ask,
    edit,
    platform,
    stored,
    whole_row,
    written_by,
)
from tests.people import ANN, ASSESSMENT, BEN, COORDINATOR, COURSE, PROJECT


def test_what_is_not_locked_is_the_platforms(school: Scratch, cora: Actor) -> None:
    platform(school, ANN, COURSE, RECOMPUTED)  # the control of all that follows
    assert stored(school, ANN, COURSE)[S] is Status.COMPLETED
    assert tried(cora) == []


def test_a_locked_status_outlives_what_the_platform_computes(school: Scratch, cora: Actor) -> None:
    assert lock(cora, ANN, COURSE, [S], "  Shown to me in person ") is None
    before, entries = whole_row(school, ANN, COURSE), history(school)
    platform(school, ANN, COURSE, RECOMPUTED)
    assert whole_row(school, ANN, COURSE) == before  # last_updated included
    assert history(school) == entries
    (one,) = locks_of(cora)
    assert one.values == {S: Status.IN_PROGRESS, P: 40, C: None}
    assert (one.reason, one.author, one.is_current, one.attempts) == (
        "Shown to me in person",
        "Cora Coordinator",
        True,
        3,
    )
    assert one.module_name == "Fractions"
    assert {(each.field, each.attempted, each.source) for each in tried(cora)} == {
        (S, "Completed", "platform"),
        (P, "100", "platform"),
        (C, str(datetime.now(UTC).date()), "platform"),
    }


def test_what_else_the_platform_writes_comes_through(school: Scratch, cora: Actor) -> None:
    lock(cora, ANN, COURSE, [S], "why")
    entries = history(school)
    platform(school, ANN, COURSE, RECOMPUTED + ", score = 3, progress_details = '{\"a\": 1}'")
    row = whole_row(school, ANN, COURSE)
    assert row is not None
    assert (row["status"], row["score"], row["progress_details"]) == ("InProgress", 3, {"a": 1})
    (newest,) = ask(school, "select before, after from dashboard.history where id > %s", entries)
    assert set(newest["after"]) == {"score", "progress_details", "last_updated"}


def test_a_beat_of_the_clock_alone_still_comes_through(school: Scratch, cora: Actor) -> None:
    lock(cora, ANN, COURSE, [S], "why")
    platform(school, ANN, COURSE, "last_updated = '2026-01-01'")
    row = whole_row(school, ANN, COURSE)
    assert row is not None
    assert row["last_updated"] == datetime(2026, 1, 1, tzinfo=UTC)
    assert tried(cora) == []


def test_a_score_stands_alone(school: Scratch, cora: Actor) -> None:
    lock(cora, ANN, ASSESSMENT, [SC], "Re-marked")
    platform(school, ANN, ASSESSMENT, "score = 12, progress_percentage = 12, status = 'InProgress'")
    held = stored(school, ANN, ASSESSMENT)
    assert (held[SC], held[P], held[S]) == (55, 12, Status.IN_PROGRESS)


def test_another_cell_is_not_held(school: Scratch, cora: Actor) -> None:
    lock(cora, ANN, COURSE, [S], "why")
    ask(school, "update public.student_module_progress set status = 'NotStarted'")
    assert stored(school, ANN, COURSE)[S] is Status.IN_PROGRESS
    assert stored(school, BEN, COURSE)[S] is Status.NOT_STARTED


@pytest.mark.parametrize("person", [ANN, COORDINATOR], ids=["the student", "staff without a batch"])
def test_whoever_writes_past_us_is_held_too(school: Scratch, cora: Actor, person: UUID) -> None:
    lock(cora, ANN, COURSE, [P], "why")
    written_by(
        school,
        person,
        "update public.student_module_progress set progress_percentage = 90 "
        f"where student_id = '{ANN}' and module_id = '{COURSE}'",
    )
    assert stored(school, ANN, COURSE)[P] == 40
    (one,) = tried(cora)
    assert (one.field, one.attempted) == (P, "90")
    assert (one.source, one.author) == (
        ("student", "Ann Ågren") if person == ANN else ("staff", "Cora Coordinator")
    )


def test_a_batch_of_somebody_elses_opens_nothing(school: Scratch, cora: Actor) -> None:
    lock(cora, ANN, COURSE, [P], "why")
    theirs = save(cora, [edit(school, BEN, COURSE, {SC: Decimal(9)})], "mine").batch_id
    with school.owner() as owner:
        owner.execute("select set_config('dashboard.batch', %s, false)", (str(theirs),))
        owner.execute("update public.student_module_progress set progress_percentage = 90")
    assert stored(school, ANN, COURSE)[P] == 40
    assert stored(school, BEN, COURSE)[P] == 90


def test_the_same_attempt_again_counts_up(school: Scratch, cora: Actor) -> None:
    lock(cora, ANN, COURSE, [SC], "why")
    for score in (1, 1, 2, 1):
        platform(school, ANN, COURSE, f"score = {score}")
    assert {(one.attempted, one.times) for one in tried(cora)} == {("1", 3), ("2", 1)}
    assert locks_of(cora)[0].attempts == 4


def test_no_flood_of_attempts_fills_the_table(school: Scratch, cora: Actor) -> None:
    lock(cora, ANN, COURSE, [SC], "why")
    with school.owner() as owner:
        for score in range(130):
            owner.execute(
                "update public.student_module_progress set score = %s where student_id = %s",
                (score, ANN),
            )
        owner.execute("update public.student_module_progress set score = 10::numeric ^ 2000")
    noted = tried(cora)
    assert len(noted) == 101
    assert sum(one.times for one in noted) == 131
    assert stored(school, ANN, COURSE)[SC] is None
    assert stored(school, BEN, COURSE)[SC] is not None


def test_a_value_of_any_length_is_put_back(school: Scratch, cora: Actor) -> None:
    lock(cora, ANN, COURSE, [SC], "why")
    platform(school, ANN, COURSE, "score = 10::numeric ^ 5000")
    (one,) = tried(cora)
    assert len(one.attempted or "") == 100
    assert stored(school, ANN, COURSE)[SC] is None


def test_a_row_deleted_is_let_go_and_held_again_when_it_is_back(
    school: Scratch, cora: Actor
) -> None:
    lock(cora, ANN, COURSE, [P], "why")
    ask(school, "delete from public.student_module_progress where student_id = %s", ANN)
    assert whole_row(school, ANN, COURSE) is None
    assert [(one.field, one.attempted) for one in tried(cora)] == [(None, "deleted")]
    ask(
        school,
        "insert into public.student_module_progress (student_id, module_id, progress_percentage) "
        "values (%s, %s, 3)",
        ANN,
        COURSE,
    )
    assert stored(school, ANN, COURSE) == {S: Status.IN_PROGRESS, P: 40, SC: None, C: None}
    assert cells(cora)[0] == "I40k"


def test_staff_who_make_the_row_anew_are_followed(school: Scratch, cora: Actor) -> None:
    lock(cora, ANN, COURSE, [P], "why")
    ask(school, "delete from public.student_module_progress where student_id = %s", ANN)
    assert save(cora, [edit(school, ANN, COURSE, {S: Status.COMPLETED})]).saved
    assert stored(school, ANN, COURSE)[P] == 100
    assert locks_of(cora)[0].values[P] == 100
    assert cells(cora)[0] == "C100ek"


def test_a_row_that_moves_away_is_noted_and_one_that_moves_in_is_held(
    school: Scratch, cora: Actor
) -> None:
    lock(cora, ANN, COURSE, [P], "why")
    platform(school, ANN, COURSE, f"module_id = '{PROJECT}'")
    assert [one.attempted for one in tried(cora)] == ["moved"]
    platform(school, ANN, ASSESSMENT, f"module_id = '{COURSE}'")
    assert stored(school, ANN, COURSE)[P] == 40


UPSERT = """
insert into public.student_module_progress (student_id, module_id, status, progress_percentage)
values (%s, %s, 'InProgress', 77)
on conflict (student_id, module_id) do
"""


def test_an_upsert_is_one_attempt_and_what_does_nothing_is_none(
    school: Scratch, cora: Actor
) -> None:
    lock(cora, ANN, COURSE, [P], "why")
    ask(school, UPSERT + "nothing", ANN, COURSE)
    assert tried(cora) == []
    ask(school, UPSERT + "update set progress_percentage = excluded.progress_percentage",
        ANN, COURSE)  # fmt: skip
    assert [(one.attempted, one.times) for one in tried(cora)] == [("77", 1)]
    assert stored(school, ANN, COURSE)[P] == 40


@pytest.mark.usefixtures("altered")
def test_a_trigger_of_the_schools_own_does_not_undo_it(school: Scratch, cora: Actor) -> None:
    lock(cora, ANN, COURSE, [P], "why")
    ask(
        school,
        "create function public.own() returns trigger language plpgsql as "
        "$$ begin new.progress_percentage := 66; return new; end $$",
    )
    ask(
        school,
        "create trigger own before insert or update on public.student_module_progress "
        "for each row execute function public.own()",
    )
    platform(school, ANN, COURSE, "score = 1")
    platform(school, BEN, COURSE, "score = 1")
    assert (stored(school, ANN, COURSE)[P], stored(school, BEN, COURSE)[P]) == (40, 66)
