"""Students of one name: what stands beside it, and for whom."""

from uuid import UUID

import pytest

from data.i18n.formats import unlike
from data.reading.students.namesakes import Named, apart, labelled, sharing

ONE, TWO, THREE = (UUID(f"00000000-0000-4000-8000-{number:012x}") for number in (1, 2, 0x1000001))


def told(*students: tuple[UUID, str, str | None]) -> list[str]:
    named = [Named(*one) for one in students]
    beside = apart(named)
    return [labelled(one.name, beside.get(one.id)) for one in named]


def test_a_name_alone_stays_alone_and_a_shared_one_gets_the_email() -> None:
    assert told((ONE, "Kim Lee", "k1@x.example"), (TWO, "Ann", "a@x.example")) == ["Kim Lee", "Ann"]
    assert told((ONE, "Kim Lee", "k1@x.example"), (TWO, "Kim Lee", "k2@x.example")) == [
        "Kim Lee (k1@x.example)",
        "Kim Lee (k2@x.example)",
    ]


@pytest.mark.parametrize(
    "other", ["KIM LEE", "Kim  Lee", " Kim Lee ", "Kim\u00a0Lee", "Kim\u200b Lee", "Kím Lee"]
)
def test_names_that_look_alike_are_one(other: str) -> None:
    both = {ONE: "Kim Lee", TWO: other, THREE: "Ann"}
    assert sharing(both) == {ONE: "Kim Lee", TWO: other}
    assert len(apart([Named(one, name, None) for one, name in both.items()])) == 2


def test_where_there_is_no_email_or_not_an_own_one_the_end_of_the_id_tells() -> None:
    shared = [(ONE, "Kim", "k@x.example"), (TWO, "Kim", "K@X.example"), (THREE, "Kim", None)]
    # The last six digits of the first and third are alike, so there are more.
    assert told(*shared[:2]) == ["Kim (id …000001)", "Kim (id …000002)"]
    assert told(*shared) == [
        "Kim (id …000000000001)",
        "Kim (id …000000000002)",
        "Kim (id …000001000001)",
    ]


def test_a_student_listed_twice_is_no_pair() -> None:
    assert apart([Named(ONE, "Kim", None), Named(ONE, "Kim", None)]) == {}


def test_the_choices_of_a_field_are_all_called_otherwise() -> None:
    beside = {1: "North", 2: "North", 3: "South"}
    assert unlike({1: "7B", 2: "8C", 3: "7B"}, beside) == {
        1: "7B (North)",
        2: "8C",
        3: "7B (South)",
    }
    # What is beside them may be the same too, or not known; and a number may be a name.
    assert unlike({1: "7B", 2: "7B", 3: "7B"}, {1: "North", 2: "North"}) == {
        1: "7B (North)",
        2: "7B (North) (2)",
        3: "7B",
    }
    assert list(unlike({1: "7B", 2: "7B", 3: "7B (2)"}).values()) == ["7B", "7B (2)", "7B (2) (2)"]
