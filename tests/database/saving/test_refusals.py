"""What save() refuses, by name, and to whom."""

from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from data.writing.save import LONGEST_REASON, save
from tests import people
from tests.clusters import Scratch
from tests.database.rows_as_owner import DONE, IN, SC, P, S, ask, edit, platform, stored, whole_row
from tests.database.saving.outcome_in_short import Act, codes, tally
from tests.people import ANN, ASSESSMENT, BEN, CLEO, COORDINATOR, COURSE, DAN, PROJECT, UNUSED


@pytest.mark.parametrize(
    ("edits", "reason", "refused"),
    [
        (1, None, False),
        (1, "", False),
        (1, "typing error", False),
        (1, "x" * LONGEST_REASON, False),
        (1, "🙂" * LONGEST_REASON, False),
        (1, " " + "x" * LONGEST_REASON + " ", False),
        (1, "x" * (LONGEST_REASON + 1), True),
        (1, "x\x00", True),
        (1, "x\ud800", True),
        (2, "both", False),
        (2, None, True),
        (2, "", True),
        (2, " \n ", True),
        (2, "x" * (LONGEST_REASON + 1), True),
    ],
)
def test_a_reason_is_needed_for_several_rows_and_must_be_storable(
    school: Scratch, act: Act, edits: int, reason: str | None, refused: bool
) -> None:
    wishes = [edit(school, student, COURSE, {SC: Decimal(5)}) for student in (ANN, BEN)][:edits]
    outcome = save(act(COORDINATOR), wishes, reason)
    assert tally(outcome) == ({"problems": 1} if refused else {"saved": edits})
    assert len(ask(school, "select 1 from dashboard.batch")) == (not refused)
    if not refused:
        assert ask(school, "select reason from dashboard.batch") == [
            {"reason": (reason or "").strip() or None}
        ]


def test_the_same_row_twice_is_refused_as_a_whole(school: Scratch, act: Act) -> None:
    wishes = [edit(school, ANN, COURSE, {SC: Decimal(score)}) for score in (5, 6)]
    outcome = save(act(COORDINATOR), [*wishes, edit(school, BEN, COURSE, {SC: Decimal(5)})], "why")
    assert (tally(outcome), codes(outcome)) == ({"problems": 1}, ["duplicate"])
    assert stored(school, BEN, COURSE)[SC] is None
    assert tally(save(act(COORDINATOR), wishes[:1])) == {"saved": 1}  # the control


@pytest.mark.parametrize(
    ("student", "module"),
    [(ANN, UNUSED), (ANN, uuid4()), (uuid4(), COURSE), (DAN, PROJECT), (DAN, COURSE)],
    ids=["no class has it", "no such module", "no such student", "elsewhere", "elsewhere, a row"],
)
def test_what_is_not_a_students_module_is_refused(
    school: Scratch, act: Act, student: UUID, module: UUID
) -> None:
    before = ask(school, "select * from public.student_module_progress order by 1, 2")
    outcome = save(act(COORDINATOR), [edit(school, student, module, {S: IN, SC: Decimal(5)})])
    assert (tally(outcome), codes(outcome)) == ({"refusals": 1}, ["not_eligible"])
    assert ask(school, "select * from public.student_module_progress order by 1, 2") == before
    control = save(act(COORDINATOR), [edit(school, ANN, PROJECT, {S: IN, SC: Decimal(5)})])
    assert tally(control) == {"saved": 1}


def test_a_row_of_a_module_outside_the_class_can_still_be_corrected(
    school: Scratch, act: Act
) -> None:
    ask(
        school,
        "insert into public.student_module_progress (student_id, module_id) values (%s, %s)",
        ANN,
        UNUSED,
    )
    wish = edit(school, ANN, UNUSED, {S: IN})
    assert tally(save(act(COORDINATOR), [wish])) == {"saved": 1}


@pytest.mark.parametrize(
    ("person", "code"),
    [
        (people.TEACHER, "refused"),
        (people.OTHER_TEACHER, "refused"),
        (people.DISABLED, "refused"),
        (people.STRANGER, "refused"),
        (ANN, "refused"),
        (people.SOUTH_COORDINATOR, "not_eligible"),
    ],
)
def test_only_the_coordinator_and_the_admin_may_save(
    school: Scratch, act: Act, person: UUID, code: str
) -> None:
    before = whole_row(school, ANN, COURSE)
    wish = edit(school, ANN, COURSE, {S: DONE})
    outcome = save(act(person), [wish])
    assert codes(outcome) == [code]
    assert outcome.saved == ()
    assert whole_row(school, ANN, COURSE) == before
    assert ask(school, "select 1 from dashboard.batch") == []
    assert tally(save(act(COORDINATOR), [wish])) == {"saved": 1}  # the control


def test_somebody_switched_off_between_two_saves_is_refused_at_the_second(
    school: Scratch, act: Act
) -> None:
    assert tally(save(act(COORDINATOR), [edit(school, ANN, COURSE, {P: 41})])) == {"saved": 1}
    ask(school, "update school.staff set is_active = false where id = %s", COORDINATOR)
    outcome = save(act(COORDINATOR), [edit(school, ANN, COURSE, {P: 42})])
    assert codes(outcome) == ["refused"]
    assert stored(school, ANN, COURSE)[P] == 41


def test_the_admin_saves_everywhere(school: Scratch, act: Act) -> None:
    wishes = [edit(school, student, COURSE, {P: 77}) for student in (ANN, CLEO, DAN)]
    assert tally(save(act(people.ADMIN), wishes, "everywhere")) == {"saved": 3}


def test_every_edit_of_a_batch_ends_in_exactly_one_place(school: Scratch, act: Act) -> None:
    conflicting = edit(school, BEN, COURSE, {SC: Decimal(5)})
    platform(school, BEN, COURSE, "score = 4")
    wishes = [
        edit(school, ANN, COURSE, {P: 50}),
        edit(school, CLEO, PROJECT, {S: IN}),
        edit(school, ANN, ASSESSMENT, {S: DONE}),
        conflicting,
        edit(school, ANN, PROJECT, {P: 50}),
        edit(school, DAN, COURSE, {P: 50}),
    ]
    outcome = save(act(COORDINATOR), wishes, "a mixed bag", source="bulk")
    assert tally(outcome) == {"saved": 2, "unchanged": 1, "conflicts": 1, "refusals": 2}
    assert sorted(codes(outcome)) == ["not_eligible", "not_started_above_0"]
    assert {(one.student_id, one.module_id) for one in outcome.saved} == {
        (ANN, COURSE),
        (CLEO, PROJECT),
    }
    assert stored(school, ANN, COURSE)[P] == 50
    assert stored(school, BEN, COURSE)[SC] == 4
    assert whole_row(school, ANN, PROJECT) is None


def test_what_slips_past_check_is_caught_by_the_table_and_saves_nothing(
    school: Scratch, act: Act
) -> None:
    wishes = [edit(school, ANN, COURSE, {P: 150}), edit(school, BEN, COURSE, {SC: Decimal(5)})]
    outcome = save(act(COORDINATOR), wishes, "why")
    assert [(problem.field, problem.code) for problem in outcome.problems] == [(P, "out_of_range")]
    assert tally(outcome) == {"problems": 1}
    assert stored(school, BEN, COURSE)[SC] is None
    huge = save(act(COORDINATOR), [edit(school, ANN, COURSE, {P: 10**12})])
    assert tally(huge) == {"problems": 1}


@pytest.mark.usefixtures("altered")
@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (
            "create function public.grades() returns trigger language plpgsql as "
            "$$ begin raise exception 'Nobody grades on Sundays.'; end $$; "
            "create trigger grades before update on public.student_module_progress "
            "for each row execute function public.grades()",
            "Nobody grades on Sundays",
        ),
        (
            "alter table public.student_module_progress add constraint fair check (score <> 5) not valid",
            "its rule “fair” refuses it",
        ),
    ],
    ids=["trigger", "constraint"],
)
def test_what_a_platform_refuses_is_said_in_its_words(
    school: Scratch, act: Act, rule: str, said: str
) -> None:
    with school.owner() as owner:
        owner.execute(rule.encode())
    outcome = save(act(COORDINATOR), [edit(school, ANN, COURSE, {SC: Decimal(5)})])
    assert [problem.message for problem in outcome.problems] == [
        f"The platform does not take this: {said}. Nothing was saved."
    ]
    assert stored(school, ANN, COURSE)[SC] is None
