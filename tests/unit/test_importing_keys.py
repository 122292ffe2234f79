"""Who a line means: the column that matches nobody is not the key, and keys that disagree are told."""

import pytest

from data.files.importing.columns.recognising import recognise_table
from data.files.importing.judging.lines import judge
from data.files.importing.judging.verdicts import Judgement, Verdict
from data.files.importing.meanings import Meaning
from data.files.importing.reading.file import read_file, read_pasted
from tests.unit.made_tables import ANN, BEN, NOW, ROSTER, ZOE, grid, holding, one, told


def checked(text: str) -> tuple[Judgement, str]:
    """The judgement, and what was said of the columns."""
    sheet = read_pasted(text)
    columns = recognise_table(sheet, ROSTER)
    assert columns.problems == ()
    return judge(sheet, columns, ROSTER, holding(), NOW), " ".join(columns.notices)


def test_a_key_that_matches_nobody_gives_way_to_the_next_and_it_is_said() -> None:
    judgement, said = checked(
        "Student ID,Student,E-mail,Module,Score\n"
        "1001,Ann Ågren,ann@example.org,Fractions,84\n"
        "1002,Ben O'Neill,ben@example.org,Fractions,85\n"
    )
    assert [line.student for line in judgement.lines] == [ANN, BEN]
    assert judgement.counts[Verdict.CHANGE] == 2
    assert said == (
        "“Student ID” matches nobody here, so students are found by “E-mail” and “Student”."
    )


def test_old_e_mails_that_match_nobody_give_way_to_names() -> None:
    judgement, said = checked(
        "First name,Surname,E-mail,Module,Score\nAnn,Ågren,ann@old.example,Fractions,84\n"
    )
    assert judgement.lines[0].student == ANN
    assert "“E-mail” matches nobody here, so students are found by first and last name." in said


def test_where_one_of_many_keys_is_unknown_the_line_says_who_is_named_beside_it() -> None:
    judgement, _ = checked(
        "Student,E-mail,Module,Score\nAnn Ågren,ann@example.org,Fractions,84\n"
        "Ben O'Neill,ben@old.example,Fractions,85\n"
    )
    assert judgement.lines[0].student == ANN
    line = judgement.lines[1]
    assert line.verdict is Verdict.UNKNOWN_STUDENT
    assert "“ben@old.example” is known here, but Ben O'Neill is named beside" in told(line)


def test_an_id_and_an_e_mail_of_two_students_are_a_problem() -> None:
    line = one(f"Student id\tE-mail\tModule\tScore\n{ANN.id}\tben@example.org\tFractions\t5")
    assert (line.verdict, line.student) == (Verdict.PROBLEM, None)
    assert "is another student than the one of the student id beside it, Ann Ågren" in told(line)


def test_an_e_mail_that_two_share_is_told_apart_by_the_name_beside_it() -> None:
    line = one("Student\tE-mail\tModule\tScore\nZoë Quinn\tzoe@example.org\tFractions\t5")
    assert line.student == ZOE


@pytest.mark.parametrize(
    ("headings", "cells", "student"),
    [
        ("User name", "ann", ANN), ("Login ID", "#ann", ANN), ("SIS Login ID", "ben@example.org", BEN),
        ("Username\tName", "x77\tBen O'Neill", BEN),
    ],
)  # fmt: skip
def test_a_user_name_is_the_address_or_what_is_before_its_sign(
    headings: str, cells: str, student: object
) -> None:
    assert one(f"{headings}\tModule\tScore\n{cells}\tFractions\t5").student == student


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("Schüler;Fach;Score\nAnn Ågren;Fractions;84", {Meaning.STUDENT, Meaning.MODULE}),
        ("Adresse;Fach;Score\nann@example.org;Fractions;84", {Meaning.EMAIL, Meaning.MODULE}),
        (
            "Vorname;Nachname;Module;Score\nAnn;Ågren;Fractions;84",
            {Meaning.FIRST_NAME, Meaning.LAST_NAME},
        ),
    ],
)
def test_headings_of_another_language_are_understood_by_what_is_below_them(
    text: str, known: set[Meaning]
) -> None:
    judgement, _ = checked(text)
    assert judgement.lines[0].student == ANN
    assert known <= set(recognise_table(read_pasted(text), ROSTER).places)


def test_a_key_with_one_match_stays_the_key() -> None:
    sheet = read_pasted("Student id\tStudent\tModule\tScore\n7\tAnn Ågren\tFractions\t5")
    columns = recognise_table(sheet, ROSTER)
    assert Meaning.STUDENT_ID not in columns.places
    both = read_file(
        "a.xlsx",
        grid(
            ["Student id", "Student", "Module", "Score"],
            [7, "Ann Ågren", "Fractions", 5],
            [str(BEN.id), "Ben O'Neill", "Fractions", 5],
        ),
    )
    assert Meaning.STUDENT_ID in recognise_table(both, ROSTER).places
