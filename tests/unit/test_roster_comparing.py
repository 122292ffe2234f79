"""A list compared with the school: who is who, what changes, what is asked, who leaves, and what stops it."""

from dataclasses import replace

import pytest

from data.roster.files.comparing.compare import RosterAnswers
from data.roster.files.comparing.verdicts import Comparison, RosterVerdict
from data.roster.files.present import KnownClass
from tests.unit.made_roster import (
    ANN,
    C10,
    D10,
    EVE,
    NOW,
    SCHOOL,
    listed,
    made,
    said,
    student,
    with_people,
)


def written(comparison: Comparison) -> list[tuple[str, str, object]]:
    return [(one.operation, one.relation, one.after) for one in comparison.changes]


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        ("Ann Ågren,ann@example.org,1001,10C", "Ann Ågren: same."),
        # By number, whatever the e-mail; by e-mail, whatever the name's spelling; by name in the class.
        ("Ann Berg,ann@example.org,1001,10C", "Ann Ågren: changed. Name: Ann Ågren → Ann Berg."),
        (
            "Ann Ågren,a@example.org,1001,10C",
            "Ann Ågren: changed. E-mail: ann@example.org → a@example.org.",
        ),
        (
            "Cleo Zhang,cleo@example.org,,10D",
            "Cleo Zhang: changed. E-mail: none → cleo@example.org.",
        ),
        (
            "eve moss,,1004,10C",
            "Eve Moss: changed. Name: Eve Moss → eve moss. School number: none → 1004.",
        ),
        # Blanks change nothing, nor do the letters' size in an address.
        ("Ann Ågren,ANN@example.org,,10C", "Ann Ågren: same."),
        # Another class is joined; the old one is left only where the list is the whole of it.
        ("Ann Ågren,,1001,10D", "Ann Ågren: changed. Joins 10D."),
        # Entered twice: the one that counts. Left: here again.
        ("Ann Ågren,,1010,10C", "Ann Ågren: same."),
        ("Lee Gone,,1009,10C", "Lee Gone: changed. Is here again. Joins 10C."),
        # The same name with another number is somebody else.
        ("Ben O'Neill,,2002,10C", "Ben O'Neill: new. New student: school number 2002. Joins 10C."),
        (
            "Eve Moss,e@example.org,7,",
            "Eve Moss: changed. E-mail: none → e@example.org. School number: none → 7.",
        ),
    ],
)
def test_who_is_who(line: str, verdict: str) -> None:
    comparison = listed(f"Name,E-mail,School number,Class\n{line}\n")
    assert said(comparison) == [f"2 {verdict}"]
    assert comparison.stops == ()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Lee Gone,,,10C", "has left. Is it the same person?"),
        (
            "Bob Stone,,1001,10C",
            "by school number this is Ann Ågren (number 1001, ann@example.org)",
        ),
        ("Bob Ågren,ann@example.org,,10C", "by e-mail this is Ann Ågren"),
    ],
)
def test_nobody_is_guessed_and_nobody_becomes_another(line: str, words: str) -> None:
    comparison = listed(f"Name,E-mail,School number,Class\n{line}\n")
    (verdict,) = comparison.verdicts
    assert verdict.verdict is RosterVerdict.ASKS
    assert words in verdict.sentences[0]
    assert comparison.changes == ()


def test_a_person_may_say_that_somebody_has_another_name_and_address() -> None:
    text = "Name,E-mail,School number\nBob Stone,bob@example.org,1001\n"
    asked = listed(text)
    assert [(one.kind, one.names) for one in asked.stops] == [("renames", ("Ann Ågren",))]
    answered = listed(text, answers=RosterAnswers(allow_renames=True))
    assert answered.stops == ()
    assert written(answered) == [
        ("update", "student", {"full_name": "Bob Stone", "email": "bob@example.org"})
    ]


def test_two_of_one_name_in_the_class_are_asked_about() -> None:
    other = student(made(60), "Eve Moss", email="eve@example.org")
    school = replace(
        SCHOOL,
        people={**SCHOOL.people, other.id: other},
        members=SCHOOL.members | {(C10, other.id)},
    )
    (verdict,) = listed("Name,Class\nEve Moss,10C\n", school).verdicts
    assert verdict.verdict is RosterVerdict.ASKS
    assert verdict.sentences[0].startswith(
        "It may be Eve Moss (no number, no e-mail) or Eve Moss (eve@example.org)."
    )
    # In another class each is told by it.
    apart = replace(school, members=school.members - {(C10, other.id)} | {(D10, other.id)})
    assert said(listed("Name,Class\nEve Moss,10C\n", apart)) == ["2 Eve Moss: same."]


def test_lines_of_one_person_are_one_where_they_agree_and_none_where_they_differ() -> None:
    text = "Name,E-mail,School number,Class\nZoe Ray,,7,10C\nZoe Ray,z@example.org,7,10D\n"
    comparison = listed(text)
    assert said(comparison) == [
        "2 Zoe Ray: new. New student: school number 7, e-mail z@example.org. Joins 10C.",
        "3 Zoe Ray: changed. Joins 10D.",
    ]
    differ = listed("Name,School number\nZoe Ray,7\nPaul Ray,7\nAnn Ågren,1001\nAnna Ågren,1001\n")
    assert [one.verdict for one in differ.verdicts] == [RosterVerdict.ASKS] * 4
    assert differ.verdicts[0].sentences == (
        "Line 2 and line 3 are one person, but differ in the name. Correct one.",
    )
    assert differ.changes == ()


def test_who_was_entered_twice_is_one_person_though_the_office_still_has_two() -> None:
    text = "Name,School number,Class\nAnn Ågren,1001,10C\nAnne Ågren,1010,10D\n"
    assert said(listed(text)) == ["3 Ann Ågren: changed. Joins 10D.", "2 Ann Ågren: same."]


def test_new_people_of_one_name_are_asked_about_once_for_the_file() -> None:
    text = "Name,Class\nZoe Ray,10C\nZoe Ray,10D\n"
    asked = listed(text)
    assert [one.verdict for one in asked.verdicts] == [RosterVerdict.ASKS] * 2
    one, several = (
        listed(text, answers=RosterAnswers(namesakes=each)) for each in ("one", "several")
    )
    assert [kind for _, kind, _ in written(one)] == ["student", "class_student", "class_student"]
    assert [kind for _, kind, _ in written(several)].count("student") == 2
    # What repeats a line word for word is the same person.
    assert len(listed("Name,Class\nZoe Ray,10C\nZoe Ray,10C\n").changes) == 2
    # Brothers and sisters may share an address; numbers tell them apart.
    family = "Name,E-mail,School number\nZoe Ray,ray@example.org,{}\nPaul Ray,ray@example.org,{}\n"
    assert len(listed(family.format(7, 8)).changes) == 2
    assert {one.verdict for one in listed(family.format("", "")).verdicts} == {RosterVerdict.ASKS}


def test_what_staff_corrected_stays_and_it_is_said() -> None:
    school = replace(SCHOOL, locked=frozenset({(ANN, "email"), (ANN, "full_name")}))
    comparison = listed("Name,E-mail,School number\nAnn Berg,a@example.org,1001\n", school)
    assert said(comparison) == [
        "2 Ann Ågren: same. Name stays Ann Ågren: staff corrected it. "
        "E-mail stays ann@example.org: staff corrected it."
    ]


def test_classes_are_found_by_name_and_year_and_an_archived_one_is_not_taken_out() -> None:
    school = replace(
        SCHOOL,
        classes={
            **SCHOOL.classes,
            made(14): KnownClass(made(14), "11A", "2025/26"),
            made(15): KnownClass(made(15), "11A", "2026/27"),
        },
    )
    head = "Name,School number,Class,School year\n"
    (asked,) = listed(f"{head}Ann Ågren,1001,11A,\n", school).verdicts
    assert asked.sentences == (
        "There are several classes “11A” (2025/26, 2026/27). Say the school year.",
    )
    assert [
        one.key["class_id"] for one in listed(f"{head}Ann Ågren,1001,11A,2026/27\n", school).changes
    ] == [made(15)]
    (archived,) = listed(f"{head}Ann Ågren,1001,9C,2024/25\n", school).verdicts
    assert "The class “9C” is archived." in archived.sentences[0]
    # A class without a year is given the one that the list says.
    dated = listed(f"{head}Ann Ågren,1001,10C,2026/27\n", school)
    assert written(dated) == [("update", "class", {"school_year": "2026/27"})]
    new = listed(f"{head}Ann Ågren,1001,9C,2026/27\n", school)
    assert [one.relation for one in new.changes] == ["class", "class_student"]


def test_nobody_leaves_unless_the_list_is_said_to_be_whole() -> None:
    text = "Name,School number,Class\nAnn Ågren,1001,10C\nEve Moss,,10C\n"
    assert said(listed(text)) == ["2 Ann Ågren: same.", "3 Eve Moss: same."]
    classes = listed(text, complete="classes")
    assert said(classes) == [
        "– Ben O'Neill: leaves. Leaves 10C: not in the file.",
        "2 Ann Ågren: same.",
        "3 Eve Moss: same.",
    ]
    assert written(classes) == [("delete", "class_student", None)]
    school = listed(text, complete="school")
    assert [one for one in said(school) if "leaves" in one] == [
        "– Ben O'Neill: leaves. Leaves the school: not in the file. Nothing of the progress is removed.",
        "– Cleo Zhang: leaves. Leaves the school: not in the file. Nothing of the progress is removed.",
    ]
    assert [one.names for one in school.stops] == [("Ben O'Neill", "Cleo Zhang")]
    left = {"is_active": False, "left_on": NOW.date()}
    assert written(school).count(("update", "student", left)) == 2


def test_whoever_moves_to_another_class_is_told_on_the_line() -> None:
    text = (
        "Name,School number,Class\nAnn Ågren,1001,10D\nBen O'Neill,1002,10C\n"
        "Eve Moss,,10C\nCleo Zhang,1003,10D\n"
    )
    comparison = listed(text, complete="classes")
    assert said(comparison)[0] == "2 Ann Ågren: leaves. Joins 10D. Leaves 10C: not in the file."
    assert comparison.stops == ()


def test_while_a_line_is_unclear_nobody_leaves() -> None:
    text = "Name,School number,Class\nAnn Ågren,1001,10C\nBob Stone,1002,10C\n"
    comparison = listed(text, complete="school")
    assert not [one for one in comparison.verdicts if one.verdict is RosterVerdict.LEAVES]
    assert comparison.notices[-1].startswith("Nobody is taken to have left")


@pytest.mark.parametrize(
    ("leaving", "of", "stops"),
    [
        (1, 3, False),
        (2, 3, True),
        (1, 40, False),
        (2, 40, False),
        (2, 39, True),
        (3, 60, False),
        (4, 60, True),
    ],
)
def test_more_than_five_in_a_hundred_of_a_class_are_asked_about_by_name(
    leaving: int, of: int, stops: bool
) -> None:
    school = with_people(of, D10)
    school = replace(school, members=frozenset((D10, made(100 + at)) for at in range(of)))
    lines = [f"Student {at},S{at},10D" for at in range(leaving, of)]
    text = "\n".join(["Name,School number,Class", *lines])
    comparison = listed(text, school, complete="classes")
    assert bool(comparison.stops) is stops
    if stops:
        assert comparison.stops[0].sentence == f"{leaving} of {of} students would leave 10D."
        assert comparison.stops[0].names == tuple(f"Student {at}" for at in range(leaving))
        allowed = listed(text, school, RosterAnswers(allow_leavers=True), complete="classes")
        assert (allowed.stops, len(allowed.changes)) == ((), leaving)


def test_more_than_two_in_a_hundred_of_the_school_are_asked_about() -> None:
    school = with_people(96)  # and four more
    school = replace(school, members=frozenset())
    head = "Name,School number\nAnn Ågren,1001\nBen O'Neill,1002\nCleo Zhang,1003\nEve Moss,\n"
    lines = [f"Student {at},S{at}" for at in range(96)]
    two = listed(head + "\n".join(lines[2:]), school, complete="school")
    assert (two.stops, two.counts[RosterVerdict.LEAVES]) == ((), 2)
    (stop,) = listed(head + "\n".join(lines[3:]), school, complete="school").stops
    assert stop.sentence == "3 of 100 students would leave the school."


def test_a_list_of_students_takes_no_teacher_away_and_no_account_above_is_changed() -> None:
    text = (
        "Name,E-mail,Role,Class\nTess Berg,tess@example.org,Teacher,10D\n"
        "Heda Head,hedy@example.org,Teacher,10D\nInes Elsewhere,ines@example.org,Teacher,10D\n"
    )
    comparison = listed(text, complete="classes")
    assert [one for one in said(comparison) if not one.startswith("–")] == [
        "2 Tess Teacher: changed. Name: Tess Teacher → Tess Berg. Teaches 10D.",
        "3 Hedy Head: changed. Teaches 10D.",
        "4 Ines All: changed. Teaches 10D.",
    ]
    (nameless,) = listed("Name,Role\nNew Teacher,Teacher\n").verdicts
    assert "needs an e-mail address" in nameless.sentences[0]
    assert EVE in SCHOOL.people
