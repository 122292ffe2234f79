"""Packages of OneRoster and School Data Sync: who is in them, whom their ids mean, and who leaves by them."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.files.importing.sheet import UnreadableFile
from data.roster.changes import RosterChange
from data.roster.files.comparing.compare import UNASKED, RosterAnswers, compare
from data.roster.files.comparing.verdicts import Comparison, RosterVerdict
from data.roster.files.present import Present
from data.roster.files.reading.file import ReadAs, read_roster
from tests.profiles import examples
from tests.unit.made_roster import ANN, BEN, C10, CLEO, EVE, SCHOOL, TESS, said
from tests.unit.packages import OneRoster, packed

SCHOOL_NORTH = replace(SCHOOL, name="North")


def north() -> OneRoster:
    """All of the school but Eve, as another system has it."""
    return (
        OneRoster()
        .user("s-1", "Ann Ågren", number="1001", email="ann@example.org")
        .user("s-2", "Ben O'Neill", email="ben@example.org")
        .user("s-3", "Cleo Zhang")
        .user("t-1", "Tess Teacher", role="teacher", email="tess@example.org")
        .class_("k-1", "10C")
        .class_("k-2", "10D")
        .enrol("k-1", "s-1", "s-2", "t-1")
        .enrol("k-2", "s-3")
    )


def compared(
    package: OneRoster | bytes,
    present: Present = SCHOOL_NORTH,
    answers: RosterAnswers = UNASKED,
    **how: Any,
) -> Comparison:
    content = package if isinstance(package, bytes) else package.zipped()
    return compare(read_roster(content, present, ReadAs(**how)), present, answers)


def known() -> Present:
    """The school after its first package."""
    brought = {
        ("student", "s-1"): ANN,
        ("student", "s-2"): BEN,
        ("student", "s-3"): CLEO,
        ("staff", "t-1"): TESS,
        ("class", "k-1"): C10,
        ("class", "k-2"): SCHOOL.classes[list(SCHOOL.classes)[1]].id,
    }
    years = {key: replace(one, year=one.year or "2026/27") for key, one in SCHOOL.classes.items()}
    return replace(
        SCHOOL_NORTH,
        ids={("OneRoster sis", kind, key): our_id for (kind, key), our_id in brought.items()},
        classes=years,
    )


def of(changes: tuple[RosterChange, ...], relation: str) -> list[RosterChange]:
    return [one for one in changes if one.relation == relation]


@pytest.mark.parametrize("folder", ["", "export 2026/"])
def test_who_is_here_already_is_found_and_the_ids_are_remembered(folder: str) -> None:
    comparison = compared(north().zipped(folder))
    assert comparison.counts[RosterVerdict.NEW] == 0
    assert {one.key["source_id"]: one.after for one in of(comparison.changes, "source_id")} == {
        "s-1": {"our_id": ANN},
        "s-2": {"our_id": BEN},
        "s-3": {"our_id": CLEO},
        "t-1": {"our_id": TESS},
        "k-1": {"our_id": C10},
        "k-2": {"our_id": list(SCHOOL.classes)[1]},
    }
    # Eve was not brought by a package, so none says anything of her.
    assert not [one for one in comparison.verdicts if one.verdict is RosterVerdict.LEAVES]
    assert [one.after for one in of(comparison.changes, "class")] == [
        {"school_year": "2026/27"}
    ] * 2
    assert compared(north(), known()).changes == ()


def test_passwords_birthdays_and_other_tables_never_come_into_memory() -> None:
    read = read_roster(north().zipped(), SCHOOL_NORTH)
    assert "s3cret" not in repr(read)
    assert "2010-01-01" not in repr(read)


def test_who_is_not_in_a_whole_package_any_more_leaves_and_classes_with_them() -> None:
    package = north()
    package.users.pop(1)
    package.enrollments.pop(1)
    assert [one for one in said(compared(package, known())) if "leaves" in one] == [
        "– Ben O'Neill: leaves. Leaves the school: not in the file. Nothing of the progress is removed."
    ]
    package.classes.pop(0)
    left = compared(package, known())
    assert [one.sentence for one in left.stops] == ["1 class would be archived."]
    assert left.stops[0].names == ("10C (3 students)",)
    assert of(left.changes, "class")[-1].after == {"archived_at": SCHOOL.now}


def test_a_package_of_changes_says_nothing_of_the_others() -> None:
    package = (
        OneRoster("delta", "active")
        .user("s-9", "Zoe Ray", number="9")
        .user("s-2", "Ben O'Neill", status="tobedeleted")
        .enrol("k-1", "s-9", "s-3")
        .enrol("k-2", "s-3", status="tobedeleted")
    )
    comparison = compared(package, known())
    told = {
        (one.who, one.sentences)
        for one in comparison.verdicts
        if one.verdict is not RosterVerdict.SAME
    }
    assert ("Zoe Ray", ("Joins 10C.",)) in told
    assert ("Cleo Zhang", ("Joins 10C.",)) in told
    assert ("Cleo Zhang", ("Leaves 10D: the file says so.",)) in told
    assert any(who == "Ben O'Neill" and "the file says so" in words[0] for who, words in told)
    assert not [one for one in comparison.verdicts if one.who == "Ann Ågren"]


def test_somebody_known_by_an_id_may_change_name_or_address_but_not_become_another() -> None:
    married = OneRoster("delta", "active").user("s-1", "Ann Berg", email="ann@example.org")
    assert of(compared(married, known()).changes, "student")[0].after == {"full_name": "Ann Berg"}
    other = OneRoster("delta", "active").user("s-1", "Bob Stone", email="bob@example.org")
    stopped = compared(other, known())
    assert [one.kind for one in stopped.stops] == ["renames"]
    assert stopped.changes == ()


def test_enrolments_of_nobody_and_of_no_class_are_left_out_and_stop_nothing() -> None:
    package = north().enrol("k-1", "s-404").enrol("k-404", "s-1")
    comparison = compared(package)
    assert [
        one.sentences for one in comparison.verdicts if one.verdict is RosterVerdict.LEFT_OUT
    ] == [
        ("Nobody has the id s-404.",),
        ("No class has the id k-404.",),
    ]
    assert comparison.unclear == []


def test_one_school_of_several_is_read_also_where_organisations_go_round_in_a_circle() -> None:
    package = (
        north()
        .user("s-7", "Sol South", org="o-2")
        .class_("k-7", "1S", org="o-2")
        .enrol("k-7", "s-7")
    )
    package.orgs = [
        "o-1,,,North,school,,o-3",
        "o-2,,,South,school,,o-4",
        "o-3,,,Town,district,,o-1",
        "o-4,,,X,local,,o-2",
    ]
    comparison = compared(package)
    assert "Sol South" not in {one.who for one in comparison.verdicts}
    assert "Of the package’s schools “North” was read; 1 others were not." in comparison.notices
    every = compared(package, school="all")
    assert {"Sol South", "1S, 2026/27"} <= {one.who for one in every.verdicts}
    with pytest.raises(
        UnreadableFile, match="has 2 schools, none of them “East”: “North”, “South”"
    ):
        compared(package, replace(SCHOOL, name="East"))
    assert "Sol South" in {
        one.who for one in compared(package, replace(SCHOOL, name="East"), school="South").verdicts
    }


def test_classes_of_one_title_are_told_apart() -> None:
    package = (
        OneRoster()
        .class_("k-1", "Maths", code="M1")
        .class_("k-2", "Maths", code="M2")
        .class_("k-3", "Maths")
    )
    names = [one.after["name"] for one in of(compared(package).changes, "class") if one.after]
    assert names == ["Maths (M1)", "Maths (M2)", "Maths (k-3)"]


def test_parents_and_administrators_are_left_out_and_who_is_switched_off_there_leaves() -> None:
    package = (
        north().user("p-1", "Pa Rent", role="guardian").user("a-1", "Ada Min", role="administrator")
    )
    comparison = compared(package)
    assert "1 of the role “guardian” was left out." in comparison.notices
    assert "1 of the role “administrator” was left out." in comparison.notices
    off = OneRoster("delta", "active").user("s-1", "Ann Ågren", enabled="false")
    assert of(compared(off, known()).changes, "student")[0].after == {
        "is_active": False,
        "left_on": SCHOOL.now.date(),
    }


def test_oneroster_1_2_says_roles_in_a_table_of_their_own() -> None:
    tables = north().tables()
    tables["users"] = (
        "sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,middleName,"
        "identifier,email,sms,phone,agentSourcedIds,grades,password,userMasterIdentifier,primaryOrgSourcedId\n"
        "s-1,,,true,ann,,Ann,Ågren,,1001,,,,,,s3cret,,o-1\nt-1,,,true,tess@example.org,,Tess,Teacher,,,,,,,,,,o-1\n"
    )
    tables["roles"] = (
        "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,userProfileSourcedId\n"
        "r-1,,,s-1,primary,student,,,o-1,\nr-2,,,t-1,primary,teacher,,,o-1,\n"
    )
    people = read_roster(packed(tables), SCHOOL_NORTH).people
    assert [(one.full_name, one.kind, one.email) for one in people] == [
        ("Ann Ågren", "student", None),
        ("Tess Teacher", "staff", "tess@example.org"),
    ]


SDS = {
    "orgs": "sourcedId,name,type,parentSourcedId\no-1,North,school,\n",
    "users": (
        "sourcedId,username,givenName,familyName,password,activeDirectoryMatchId,email,phone,sms\n"
        "s-1,ann@example.org,Ann,Ågren,s3cret,,,,\nt-1,tess@example.org,Tess,Teacher,,,,,\n"
    ),
    "roles": (
        "userSourcedId,orgSourcedId,role,sessionSourcedId,grade,isPrimary,roleStartDate,roleEndDate\n"
        "s-1,o-1,student,,10,true,,\nt-1,o-1,teacher,,,true,,\n"
    ),
    "classes": "sourcedId,orgSourcedId,title,sessionSourcedIds,courseSourcedId\nk-1,o-1,10C,,\n",
    "enrollments": "classSourcedId,userSourcedId,role\nk-1,s-1,student\nk-1,t-1,teacher\n",
}


def test_school_data_sync_is_read_and_a_table_that_is_left_out_is_empty() -> None:
    comparison = compared(packed(SDS))
    assert {one.after["our_id"] for one in of(comparison.changes, "source_id") if one.after} == {
        ANN,
        TESS,
        C10,
    }
    assert all(
        one.key["source"] == "School Data Sync" for one in of(comparison.changes, "source_id")
    )
    ids = {
        ("School Data Sync", kind, key): one
        for kind, key, one in (
            ("student", "s-1", ANN),
            ("staff", "t-1", TESS),
            ("class", "k-1", C10),
        )
    }
    school = replace(SCHOOL_NORTH, ids=ids)
    assert compared(packed(SDS), school).changes == ()
    without = {name: text for name, text in SDS.items() if name not in ("classes", "enrollments")}
    (stop,) = compared(packed(without), school).stops
    assert stop.names == ("10C (3 students)",)


def test_a_package_that_lacks_what_it_says_is_not_whole() -> None:
    tables = north().tables()
    del tables["enrollments"]
    with pytest.raises(UnreadableFile, match=r"says that it holds enrollments\.csv"):
        compared(packed(tables))


WHOLE = north().zipped()


@given(st.integers(0, len(WHOLE) - 1))
@examples(60)
def test_a_package_cut_off_anywhere_is_refused(at: int) -> None:
    with pytest.raises(UnreadableFile):
        compared(WHOLE[:at])
    assert EVE in SCHOOL.people


def test_whoever_is_gone_and_never_was_here_changes_nothing() -> None:
    package = OneRoster("delta", "active").user("s-404", "Somebody Gone", status="tobedeleted")
    assert compared(package, known()).changes == ()
