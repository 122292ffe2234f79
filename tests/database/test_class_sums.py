"""When cells of classes became completed, who worked in which week, how many began, completed and failed what,
kept: equal to counting every single one, at any moment, whoever writes what, and whoever asks."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from psycopg.errors import SerializationFailure
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from data.access.session import Actor, acting_as
from data.database import doctor
from data.reading.classes.overview import failed_most, overview
from tests import people
from tests.clusters import Scratch
from tests.database import random_writes
from tests.database.data_protection.test_cut_history import cut
from tests.database.rows_as_owner import ask, platform
from tests.database.test_completions import SEEN, ago, stand
from tests.database.test_standings import meanwhile, settle
from tests.people import (
    ADMIN,
    ANN,
    BEN,
    CLASS_1A,
    CLASS_1B,
    CLEO,
    COORDINATOR,
    COURSE,
    DAN,
    TEACHER,
)
from tests.profiles import chosen

Act = Callable[[UUID], Actor]

WRITES = chosen(sample=240, nightly=100_000)
PERSONS = (ADMIN, COORDINATOR, TEACHER, people.SOUTH_COORDINATOR)

PLAINLY = """
create view dashboard.counted_plainly with (security_barrier) as
with my_class as materialized (select internal.my_staffed_classes() as id),
member as (
    select class_student.class_id, class_student.student_id
    from school.class
    join school.class_student on class_student.class_id = class.id
    join school.student on student.id = class_student.student_id
    where class_student.class_id in (select id from my_class)
        and (student.organisation_id = class.organisation_id or (select internal.sees_guests()))
),
cell as (
    select member.class_id, member.student_id, module.id as module_id, module.pass_mark
    from member
    join school.class_module on class_module.class_id = member.class_id
    join school.module on module.id = class_module.module_id
)

select
    class_id, (completion.at at time zone 'UTC')::date as day, null::uuid as module_id,
    sum(completion.change) as completions, 0 as active, 0 as passed, 0 as failed, 0 as begun, 0 as completed
from cell
join internal.completion using (student_id, module_id)
group by class_id, day
union all
select
    class_id, date_trunc('week', at at time zone 'UTC')::date, null, 0, count(distinct student_id), 0, 0, 0, 0
from member
join dashboard.history using (student_id)
where source = 'student'
    or source = 'platform'
    and case operation
        when 'update' then before ? 'progress_details' or after ? 'progress_details'
        when 'insert' then after ->> 'status' <> 'NotStarted'
    end
group by 1, 2
union all
select
    class_id, null, module_id, 0, 0,
    count(*) filter (where fact.shown_score >= cell.pass_mark and fact.shown_score <= 100),
    count(*) filter (where fact.shown_score < cell.pass_mark and fact.shown_score >= 0),
    count(*) filter (where fact.status not in ('NotStarted', 'Completed')),
    count(*) filter (where fact.status = 'Completed')
from cell
join dashboard.fact using (student_id, module_id)
group by class_id, module_id;
grant select on dashboard.counted_plainly to dashboard_person
"""
"""How it would be told if nothing was kept."""

EACH = """
select
    class_id, day, module_id, sum(completions) as completions, sum(active) as active, sum(passed) as passed,
    sum(failed) as failed, sum(begun) as begun, sum(completed) as completed
from (
    select
        class_id, day, null::uuid as module_id, completions, active, 0 as passed, 0 as failed, 0 as begun,
        0 as completed
    from {days}
    union all
    select class_id, null, module_id, 0, 0, passed, failed, begun, completed
    from {scores}
    union all
    {parts}
) as each
group by class_id, day, module_id
having (sum(completions), sum(active), sum(passed), sum(failed), sum(begun), sum(completed))
    <> (0, 0, 0, 0, 0, 0)
"""
DIFFERENT = text(
    EACH.format(
        days="dashboard.class_completion",
        scores="dashboard.class_score",
        parts="""
    select class_id, day, module_id, -completions, -active, -passed, -failed, -begun, -completed
    from dashboard.counted_plainly
    """,
    )
)
SOME = text("""
select
    sum(completions) as completions, sum(active) as active, sum(passed) as passed, sum(failed) as failed,
    sum(begun) as begun, sum(completed) as completed
from dashboard.counted_plainly
""")
SUMS = EACH.format(
    days="internal.class_day",
    scores="internal.class_score",
    parts="""
    select class_id, unnest(gains), null, -1, 0, 0, 0, 0, 0 from internal.student_part
    union all
    select class_id, unnest(losses), null, 1, 0, 0, 0, 0, 0 from internal.student_part
    union all
    select class_id, unnest(worked), null, 0, -1, 0, 0, 0, 0 from internal.student_part
    union all
    select class_id, null, unnest(passed), 0, 0, -1, 0, 0, 0 from internal.student_part
    union all
    select class_id, null, unnest(failed), 0, 0, 0, -1, 0, 0 from internal.student_part
    union all
    select class_id, null, unnest(begun), 0, 0, 0, 0, -1, 0 from internal.student_part
    union all
    select class_id, null, unnest(completed), 0, 0, 0, 0, 0, -1 from internal.student_part
    """,
)
KEPT = {
    "completions": "select * from internal.class_day order by 1, 2",
    "scores": "select * from internal.class_score order by 1, 2",
}


def kept(school: Scratch) -> dict[str, list[Any]]:
    return {what: ask(school, query) for what, query in KEPT.items()}


def scored(school: Scratch, student: UUID, module: UUID, score: str) -> None:
    ask(
        school,
        "insert into public.student_module_progress (student_id, module_id, status, score) "
        f"values ('{student}', '{module}', 'InProgress', {score}) "
        "on conflict (student_id, module_id) do update set score = excluded.score",
    )


@pytest.fixture
def settled(school: Scratch) -> Iterator[Scratch]:
    """A school of which everything is kept, with a guest from the South: completed, below the mark."""
    ask(school, PLAINLY)
    ask(school, f"insert into school.class_student values ('{CLASS_1A}', '{DAN}')")
    for student, score in ((DAN, "7"), (ANN, "12"), (BEN, "90"), (CLEO, "60")):
        scored(school, student, COURSE, score)
    scored(school, BEN, people.ASSESSMENT, "-1")
    scored(school, BEN, people.PROJECT, "'NaN'")
    for status in ("Completed", "InProgress", "Completed"):
        platform(school, DAN, COURSE, f"status = '{status}', completed_at = null")
    platform(school, DAN, COURSE, """progress_details = '{"seen": 1}'""")
    platform(school, ANN, COURSE, "status = 'Completed', completed_at = '2026-01-02T23:30Z'")
    settle(school)
    assert all(kept(school).values())
    yield school
    ask(school, "drop view dashboard.counted_plainly")


def differences(act: Act) -> list[Any]:
    found = []
    for person in PERSONS:
        with acting_as(act(person)) as connection:
            found += [(person, *row) for row in connection.execute(DIFFERENT)]
    return found


def again_and_again(school: Scratch, *changes: str) -> None:
    with school.owner() as connection:
        for change in changes:
            try:
                connection.execute(change.encode())
            except SerializationFailure:
                continue


def test_everybody_is_told_what_a_plain_count_tells(settled: Scratch, act: Act) -> None:
    told = {}
    for person in PERSONS:
        with acting_as(act(person)) as connection:
            told[person] = connection.execute(SOME).one()
    for what in ("completions", "failed", "active", "completed"):
        by_admin, by_coordinator, by_teacher = (
            getattr(told[person], what) for person in (ADMIN, COORDINATOR, TEACHER)
        )
        assert by_admin > by_coordinator > 0 < by_teacher
    for what in ("passed", "begun"):
        assert getattr(told[ADMIN], what) >= getattr(told[COORDINATOR], what) > 0
    assert differences(act) == []


def test_they_are_a_plain_count_while_eight_write_and_somebody_settles(
    settled: Scratch, act: Act
) -> None:
    found: list[Any] = []
    with (
        meanwhile(lambda: settle(settled)),
        meanwhile(lambda: found.extend(differences(act))),
        meanwhile(
            lambda: again_and_again(
                settled,
                f"delete from school.class_module where class_id = '{CLASS_1A}' and module_id = '{COURSE}'",
                f"insert into school.class_student values ('{CLASS_1A}', '{CLEO}')",
                f"insert into school.class_module values ('{CLASS_1A}', '{COURSE}', 9)",
                f"update school.student set organisation_id = '{people.SOUTH}' where id = '{CLEO}'",
                "update public.modules "
                "set configuration = jsonb_build_object('pass_threshold', random() * 100)",
                f"delete from school.class_student where student_id = '{CLEO}' and class_id = '{CLASS_1A}'",
                f"update school.student set organisation_id = '{people.NORTH}' where id = '{CLEO}'",
            )
        ),
    ):
        assert random_writes.write_at_once(settled, WRITES, writers=8) > WRITES / 2
    assert found == []
    settle(settled)
    assert differences(act) == ask(settled, SUMS) == []


ALL = "update public.student_module_progress set"
CHANGES = {
    "completed": ("both", f"{ALL} status = 'Completed', completed_at = null"),
    "on another day": (
        "completions",
        f"{ALL} completed_at = '2026-01-05' where status = 'Completed'",
    ),
    "taken back": ("both", f"{ALL} status = 'InProgress'"),
    "worked": (
        "completions",
        "insert into dashboard.history (student_id, module_id, operation, source, at, before, after) "
        f"values ('{ANN}', '{COURSE}', 'update', 'student', '2026-01-05', '{{}}', '{{}}')",
    ),
    "below": ("scores", f"{ALL} score = 3"),
    "at the mark": (
        "scores",
        f"{ALL} score = (select pass_mark from school.module where id = module_id)",
    ),
    "none that can be judged": ("scores", f"{ALL} score = -1"),
    "too much": ("scores", f"{ALL} score = 101"),
    "another mark": (
        "scores",
        """update public.modules set configuration = '{"pass_threshold": 99}'""",
    ),
    "removed": ("both", "delete from public.student_module_progress"),
    "another student": (
        "both",
        f"insert into school.class_student values ('{CLASS_1B}', '{ANN}')",
    ),
    "one who left": ("both", f"delete from school.class_student where student_id = '{ANN}'"),
    "another module": (
        "both",
        f"insert into school.class_module values ('{CLASS_1A}', '{people.UNUSED}', 9)",
    ),
    "a module less": ("both", f"delete from school.class_module where module_id = '{COURSE}'"),
    "no class": (
        "both",
        "".join(
            f"delete from school.{table} where {key} = '{CLASS_1A}';"
            for table, key in (
                *(("class_student", "class_id"), ("class_module", "class_id")),
                *(("class_teacher", "class_id"), ("class", "id")),
            )
        ),
    ),
}


@pytest.mark.parametrize(("what", "change"), CHANGES.values(), ids=CHANGES)
def test_what_changes_them_is_noted_and_counted(
    settled: Scratch, act: Act, what: str, change: str
) -> None:
    ask(
        settled,
        "insert into public.student_module_progress (student_id, module_id, status, score) "
        f"values ('{ANN}', '{people.UNUSED}', 'Completed', 50)",
    )
    settle(settled)
    before = kept(settled)
    ask(settled, change)
    assert differences(act) == []
    settle(settled)
    assert differences(act) == ask(settled, SUMS) == []
    after = kept(settled)
    assert {each for each in KEPT if after[each] != before[each]} == (
        {*KEPT} if what == "both" else {what}
    )
    assert ask(settled, "select from internal.class_day where (completions, active) = (0, 0)") == []
    nothing = "(passed, failed, begun, completed) = (0, 0, 0, 0)"
    assert ask(settled, f"select from internal.class_score where {nothing}") == []


def test_a_student_of_another_organisation_is_a_guest_at_once(settled: Scratch, act: Act) -> None:
    ask(settled, f"update school.student set organisation_id = '{people.SOUTH}' where id = '{ANN}'")
    assert ask(settled, "select from internal.unsettled where summary_of is null") == []
    assert differences(act) == []


def test_the_overview_is_the_same_before_and_after_they_are_settled(
    settled: Scratch, act: Act
) -> None:
    ask(settled, f"{ALL} status = 'Completed', completed_at = now() - interval '20 days'")
    with acting_as(act(COORDINATOR)) as connection:
        noted = overview(connection)
    settle(settled)
    with acting_as(act(COORDINATOR)) as connection:
        assert overview(connection) == noted
    assert [one.trend[-1] - one.trend[-4] for one in noted] == [one.completed for one in noted]


def test_the_worst_come_first_and_none_of_which_too_little_is_known(
    settled: Scratch, act: Act
) -> None:
    for student in (ANN, BEN, CLEO):
        scored(settled, student, people.ASSESSMENT, "1")
    scored(settled, ANN, people.PROJECT, "1")

    def told(person: UUID, least: int, most: int = 5) -> list[tuple[UUID, int, int]]:
        with acting_as(act(person)) as connection:
            found = failed_most(connection, least, most)
        return [(one.id, one.scored, one.failed) for one in found]

    noted = told(ADMIN, 1)
    settle(settled)
    assert told(ADMIN, 1) == noted
    # Of one share the one with more scores; the guest is the administrator's (in both classes),
    # and not the coordinator's.
    assert noted == [(people.ASSESSMENT, 3, 3), (people.PROJECT, 1, 1), (COURSE, 5, 3)]
    assert told(COORDINATOR, 2) == [(people.ASSESSMENT, 3, 3), (COURSE, 3, 1)]
    assert told(COORDINATOR, 2, 1) == [(people.ASSESSMENT, 3, 3)]
    assert told(ADMIN, 4) == [(COURSE, 5, 3)]
    assert told(ADMIN, 6) == []
    ask(settled, f"update school.class set archived_at = now() where id = '{CLASS_1A}'")
    assert told(ADMIN, 2) == [(COURSE, 2, 1)]
    ask(settled, f"update school.class set archived_at = null; {ALL} score = 100 where score < 100")
    assert told(ADMIN, 1) == []


def test_a_history_that_is_cut_tells_no_more_what_was_taken_back(
    settled: Scratch, act: Act
) -> None:
    moves = [(ago(20), "InProgress", "Completed"), (ago(10), "Completed", "InProgress")]
    stand(settled, (None, [*SEEN, *moves]), status="InProgress")
    settle(settled)

    def completions() -> list[int]:
        return [one["completions"] for one in kept(settled)["completions"] if one["completions"]]

    assert completions() == [1, -1]
    assert cut(settled, ago(5)) > 2
    assert differences(act) == []
    settle(settled)
    assert differences(act) == completions() == []


def test_who_is_erased_is_in_none_of_them(settled: Scratch, act: Act) -> None:
    ask(settled, f"select internal.erase(array['{ANN}']::uuid[])")
    assert ask(settled, f"select * from internal.student_part where student_id = '{ANN}'") == []
    assert differences(act) == ask(settled, SUMS) == []


def test_a_person_may_not_read_them(settled: Scratch, act: Act) -> None:
    for refused in (
        "select * from internal.class_day",
        "select * from internal.class_score",
        "select * from internal.student_part",
        "select * from internal.parts_of('{}', '{}')",
        "select internal.settle_sums('{}', '{}')",
        "select internal.note_wrong_sums()",
    ):
        with (
            pytest.raises(ProgrammingError, match="denied"),
            acting_as(act(ADMIN)) as connection,
        ):
            connection.execute(text(refused))


@pytest.mark.usefixtures("altered")
@pytest.mark.parametrize(
    "wrong",
    [
        *(
            f"update internal.student_part set {each} = '{{}}' where student_id = '{ANN}'"
            for each in ("gains", "failed", "worked", "completed")
        ),
        f"update internal.class_day set completions = 7 where class_id = '{CLASS_1A}'",
        f"update internal.class_score set failed = 7 where class_id = '{CLASS_1A}'",
        f"delete from internal.student_part where class_id = '{CLASS_1A}'",
    ],
)
def test_check_counts_again_what_is_wrong(settled: Scratch, act: Act, wrong: str) -> None:
    ask(settled, f"{wrong}; revoke select on dashboard.counted_plainly from dashboard_person")
    (fault,) = doctor.examine(settled.app_url, settled.owner_url, settled.key).faults
    assert fault.message.startswith("The overview's weeks and scores of 1 class were wrong")
    assert doctor.examine(settled.app_url, settled.owner_url, settled.key).faults == []
    ask(settled, "grant select on dashboard.counted_plainly to dashboard_person")
    assert differences(act) == []
    settle(settled)
    assert differences(act) == ask(settled, SUMS) == []
