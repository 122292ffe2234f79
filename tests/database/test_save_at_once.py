"""save() when several people, a retry, or hostile values come at once; on PostgreSQL 18 for speed."""

import random
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from itertools import pairwise
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.access.session import acting_as
from data.reading.people import clock
from data.rules.progress import EMPTY_ROW, Edit, Field, Status, check
from data.writing import save as beginning
from data.writing.save import Outcome, save
from tests import people
from tests.clusters import Scratch
from tests.database.rows_as_owner import SC, P, S, ask, await_waiting, edit, stored
from tests.people import ANN, BEN, CLEO, COORDINATOR, COURSE, PROJECT
from tests.unit import any_input
from tests.unit.any_input import inputs

IN, DONE = Status.IN_PROGRESS, Status.COMPLETED
STUDENTS, MODULES = (ANN, BEN, CLEO), (COURSE, people.ASSESSMENT, PROJECT)


@pytest.fixture(autouse=True)
def never_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """No save is begun again by itself: here they never have to."""
    monkeypatch.setattr(beginning, "AGAIN", 0)


def at_once(*jobs: Callable[[], Outcome]) -> list[Outcome]:
    """What each of these answers, begun in the same moment."""
    gate = threading.Barrier(len(jobs))

    def begin(job: Callable[[], Outcome]) -> Outcome:
        gate.wait()
        return job()

    with ThreadPoolExecutor(len(jobs)) as threads:
        return list(threads.map(begin, jobs))


def test_the_same_key_at_once_applies_once(school_18: Scratch) -> None:
    cora = people.actor(school_18.database, COORDINATOR)
    for percentage in range(41, 51):
        key, wish = uuid4(), edit(school_18, ANN, COURSE, {P: percentage})
        one, other = at_once(*[lambda k=key, w=wish: save(cora, [w], batch_id=k)] * 2)
        assert sorted((one.repeated, other.repeated)) == [False, True]
        assert one.batch_id == other.batch_id == key
        assert len(one.saved) == len(other.saved) == 1
        written = ask(school_18, "select 1 from dashboard.history where batch_id = %s", key)
        assert len(written) == 1


@pytest.mark.parametrize("they_commit", [True, False])
def test_a_row_made_between_look_and_insert_is_a_conflict(
    school_18: Scratch, they_commit: bool
) -> None:
    cora = people.actor(school_18.database, COORDINATOR)
    wishes = [Edit(ANN, PROJECT, {S: DONE}, EMPTY_ROW), edit(school_18, BEN, COURSE, {SC: 5})]
    with school_18.owner() as theirs, ThreadPoolExecutor(1) as aside:
        theirs.execute("begin")
        theirs.execute(
            "insert into public.student_module_progress (student_id, module_id, score) "
            "values (%s, %s, 7)",
            (ANN, PROJECT),
        )
        ours = aside.submit(save, cora, wishes, "both")
        await_waiting(school_18)
        theirs.execute("commit" if they_commit else "rollback")
        outcome = ours.result(20)
    assert stored(school_18, BEN, COURSE)[SC] == 5
    if they_commit:
        assert len(outcome.saved) == len(outcome.conflicts) == 1
        assert outcome.conflicts[0].fields == (SC,)
        assert outcome.conflicts[0].current == stored(school_18, ANN, PROJECT)
        assert outcome.conflicts[0].changed_by == "Platform"
    else:
        assert len(outcome.saved) == 2
        assert stored(school_18, ANN, PROJECT)[S] == DONE


def test_a_save_waits_for_the_platform_and_then_sees_what_it_wrote(school_18: Scratch) -> None:
    cora = people.actor(school_18.database, COORDINATOR)
    wish = edit(school_18, ANN, COURSE, {P: 60})
    with school_18.owner() as theirs, ThreadPoolExecutor(1) as aside:
        theirs.execute("begin")
        theirs.execute("update public.student_module_progress set progress_percentage = 41")
        ours = aside.submit(save, cora, [wish])
        await_waiting(school_18)
        theirs.execute("commit")
        conflict = ours.result(20).conflicts[0]
    assert (conflict.fields, conflict.current[P]) == ((P,), 41)


def test_crossing_batches_that_make_rows_do_not_deadlock(school_18: Scratch) -> None:
    """One makes a row that the other waits for, while the other holds a row the first only looks at."""
    cora = people.actor(school_18.database, COORDINATOR)
    ada = people.actor(school_18.database, people.ADMIN)
    for _ in range(15):
        ask(school_18, "delete from public.student_module_progress")
        wishes = [Edit(one, PROJECT, {S: IN}, EMPTY_ROW) for one in STUDENTS]
        first, second, third = at_once(
            lambda: save(cora, wishes[1:], "why"),  # noqa: B023
            lambda: save(ada, wishes[::-1], "why"),  # noqa: B023
            lambda: save(ada, wishes[2:], "why"),  # noqa: B023
        )
        outcomes = (first, second, third)
        assert [outcome.problems for outcome in outcomes] == [(), (), ()]
        made = Counter(one.student_id for outcome in outcomes for one in outcome.saved)
        assert made == dict.fromkeys(STUDENTS, 1)
        assert sum(len(outcome.conflicts) for outcome in outcomes) == 3


def test_eight_people_at_the_same_rows_lose_nothing_and_are_told_the_truth(
    school_18: Scratch,
) -> None:
    keys = [(student, module) for student in STUDENTS for module in MODULES]
    claims: list[tuple[UUID, tuple[UUID, UUID], object, object]] = []
    lost: list[object] = []

    def work(number: int) -> None:
        rng = random.Random(number)
        person = people.actor(school_18.database, (COORDINATOR, people.ADMIN)[number % 2])
        for step in range(12):
            score = Decimal(number * 12 + step) / 100  # nobody else ever writes this one
            wishes = [edit(school_18, *key, {SC: score}) for key in rng.sample(keys, 5)]
            outcome = save(person, wishes, "at once", source="bulk")
            lost.extend(outcome.problems + outcome.refusals + outcome.unchanged)
            assert len(outcome.saved) + len(outcome.conflicts) == 5
            for conflict in outcome.conflicts:
                assert conflict.fields
                assert conflict.current[SC] != conflict.edit.seen[SC]
            for one in outcome.saved:
                assert outcome.batch_id is not None
                key = (one.student_id, one.module_id)
                claims.append((outcome.batch_id, key, one.before[SC], one.after[SC]))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work, range(8)))
    assert lost == []
    history = ask(
        school_18,
        "select batch_id, student_id, module_id, (before ->> 'score')::numeric as before, "
        "(after ->> 'score')::numeric as after from dashboard.history "
        "where batch_id is not null order by id",
    )
    written = [
        (one["batch_id"], (one["student_id"], one["module_id"]), one["before"], one["after"])
        for one in history
    ]
    assert Counter(written) == Counter(claims)
    assert len(claims) > 50
    for key in keys:
        chain = [(before, after) for _, of, before, after in written if of == key]
        for (_, after), (before, _) in pairwise(chain):
            assert before == after
        if chain:
            assert stored(school_18, *key)[SC] == chain[-1][1]


TYPED = st.fixed_dictionaries(
    {},
    optional={
        Field.STATUS: any_input.STATUSES | any_input.STATUSES | any_input.ANYTHING,
        Field.PERCENTAGE: any_input.NUMBERS | any_input.NUMBERS | any_input.ANYTHING,
        Field.SCORE: any_input.NUMBERS | any_input.NUMBERS | any_input.ANYTHING,
        Field.COMPLETED_AT: any_input.DATES | any_input.DATES | any_input.ANYTHING,
    },
)


def test_any_edit_is_refused_by_name_or_stored_and_read_back_equal(school_18: Scratch) -> None:
    cora = people.actor(school_18.database, COORDINATOR)
    ended: Counter[str] = Counter()

    @inputs(200)
    @given(TYPED, st.sampled_from(STUDENTS), st.sampled_from(MODULES))
    def any_edit(raw: dict[Field, object], student: UUID, module: UUID) -> None:
        with acting_as(cora) as connection:
            now = clock(connection)
        values, problems = check(raw, now)
        assert {*values, *(problem.field for problem in problems)} == {*raw}
        seen = stored(school_18, student, module)
        outcome = save(cora, [Edit(student, module, values, seen)])
        assert outcome.problems == ()
        assert outcome.conflicts == ()
        after = stored(school_18, student, module)
        if outcome.saved:
            told = outcome.saved[0]
            assert after == {**seen, **told.after}
            # A consequence overrules nothing that was typed, but an empty field.
            assert {values[name] for name in values if after[name] != values[name]} <= {None}
            assert told.before == {name: seen[name] for name in told.after}
            assert ask(school_18, "select 1 from dashboard.batch where id = %s", outcome.batch_id)
        else:
            assert after == seen
            assert outcome.batch_id is None
            assert outcome.unchanged or all(
                problem.code and problem.message for problem in outcome.refusals[0].problems
            )
        ended["read"] += not problems
        ended["saved" if outcome.saved else "unchanged" if outcome.unchanged else "refused"] += 1

    any_edit()
    # Else the above says nothing.
    assert min(ended["read"], ended["saved"], ended["refused"]) > 10, ended
