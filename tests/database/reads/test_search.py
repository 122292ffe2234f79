"""What is found from every page: by the beginnings of words, by nearly the words, and what one may see."""

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import Connection

from data.access.session import Actor, acting_as
from data.reading.students.search import MOST, find
from tests import people
from tests.clusters import Scratch
from tests.people import ANN, BEN, CLASS_1A, CLASS_1B, CLEO, COURSE, DAN

Act = Callable[[UUID], Actor]


def names(connection: Connection, typed: str) -> set[str]:
    return {one.name for one in find(connection, typed) if one.kind == "student"}


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ömer", {"Ömer Çelik", "omer Celik"}),
        ("celik om", {"Ömer Çelik", "omer Celik"}),
        ("van ngu", {"Nguyễn Văn An"}),
        ("ANN@example", {"Ann Ågren"}),
        ("agr", {"Ann Ågren", "ann agren"}),
        ("back\\sl", {"back\\slash"}),
        ("'; drop", {";drop table"}),
        ("ＡＮＮ＠ｅｘａｍｐｌｅ", {"Ann Ågren"}),
        ("maria-ana", {"Ana-María D'Souza"}),
        ("anamaria", {"Ana-María D'Souza"}),
        ("dsouza maria", {"Ana-María D'Souza"}),
        ("souza", {"Ana-María D'Souza"}),
        ("brid o’neill", {"O'Neill Bríd"}),
        ("neill", {"O'Neill Bríd", "Ben O'Neill"}),
        ("lukasz", {"Łukasz Żak"}),
        ("lukaz", {"Łukasz Żak"}),
        ("zak lukazs", {"Łukasz Żak"}),
        ("Süd", set()),  # the South's
        ("zwxq", set()),
        ("x" * 10_000, set()),
        ("\x00", set()),
        ("a\ud800", set()),
        (" - ", set()),
        ("a'b\\'c:*&|!()<->", set()),
    ],
)
def test_students_are_found_by_the_beginnings_of_their_words(
    north: Connection, typed: str, found: set[str]
) -> None:
    assert names(north, typed) == found


def mistaken(word: str) -> set[str]:
    """The word with a letter left out, added or changed, or changed for the next one."""
    parts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    letters = "abeno"
    return {
        *(head + rest[1:] for head, rest in parts),
        *(head + letter + rest for head, rest in parts for letter in letters),
        *(head + letter + rest[1:] for head, rest in parts for letter in letters),
        *(head + rest[1::-1] + rest[2:] for head, rest in parts),
    }


@pytest.mark.parametrize("word", ["anna", "marie", "kathrina", "christopher", "wolfenbuettlerin"])
def test_a_word_with_one_mistake_in_it_is_found(school: Scratch, word: str) -> None:
    """The whole word, or its beginning, once that has the mistake and four letters that are right."""
    asked = {typed[:end] for typed in mistaken(word) for end in range(5, len(typed) + 1)}
    asked |= {typed for typed in mistaken(word) if len(typed) == 4}
    found_by = """
        select typed
        from unnest(%s::text[]) as typed
        where internal.findable(%s, null, null) @@ internal.asked(typed, true)
    """
    with school.owner() as connection:
        found = connection.execute(found_by, (sorted(asked), f"Zoe {word}")).fetchall()
        nobody = connection.execute(found_by, (sorted(asked), "Zoe Quinn")).fetchall()
    assert asked - {typed for (typed,) in found} == set()
    assert nobody == []


def ids(actor: Actor, typed: str, opened: tuple[UUID, ...] = ()) -> set[UUID]:
    with acting_as(actor) as connection:
        return {one.id for one in find(connection, typed, opened)}


EVERYBODY = (ANN, BEN, CLEO, DAN, CLASS_1A, CLASS_1B, COURSE)


@pytest.mark.parametrize("typed", ["", "a b c"])
@pytest.mark.parametrize(
    ("person", "seen"),
    [
        (people.TEACHER, {ANN, BEN, CLASS_1A, COURSE}),
        (people.ADMIN, {*EVERYBODY}),
        (people.DISABLED, set()),
        (people.STRANGER, set()),
        (ANN, set()),
    ],
)
def test_only_whom_one_sees_as_staff_is_found(
    school: Scratch, act: Act, person: UUID, seen: set[UUID], typed: str
) -> None:
    with school.owner() as connection:
        for table, name in (("student", "full_name"), ("class", "name")):
            connection.execute(
                f"update school.{table} set {name} = 'Axe Bow Cup ' || {name}".encode()
            )
        connection.execute("update public.modules set name = 'Axe Bow Cup ' || name")
    assert ids(act(person), typed, EVERYBODY) & {*EVERYBODY} == seen


def test_who_is_staff_and_a_student_does_not_find_themselves(school: Scratch, act: Act) -> None:
    with school.owner() as connection:
        connection.execute("update school.student set full_name = 'Axe One' where id = %s", (ANN,))
    assert ids(act(people.COORDINATOR), "axe") == {ANN}
    with school.owner() as connection:
        connection.execute("update school.staff set is_active = true where id = %s", (ANN,))
        connection.execute(
            "insert into school.staff (id, organisation_id, full_name, email, role)"
            " select id, organisation_id, full_name, 'axe@example.org', 'coordinator'"
            " from school.student where id = %s",
            (ANN,),
        )
    assert ids(act(ANN), "axe") == set()


def test_those_opened_last_come_first_in_their_order(north: Connection) -> None:
    first = find(north, "a")
    assert len([one for one in first if one.kind == "student"]) == MOST
    later = [one.id for one in find(north, "a")[-2:]]
    assert [one.id for one in find(north, "a", later)][:2] == later
    assert [one.id for one in find(north, "", later)] == later
    assert find(north, "") == []


def test_a_name_that_changed_is_found_and_not_by_the_old_one(school: Scratch, act: Act) -> None:
    coordinator = act(people.COORDINATOR)
    with school.owner() as connection:
        connection.execute("update school.student set full_name = 'Axe One' where id = %s", (ANN,))
        connection.execute("update school.class set name = 'Bow Two' where id = %s", (CLASS_1A,))
        connection.execute("update school.student set number = '17-4' where id = %s", (BEN,))
    assert (ids(coordinator, "axe"), ids(coordinator, "bow")) == ({ANN}, {CLASS_1A})
    assert ids(coordinator, "17-4") == ids(coordinator, "174") == {BEN}
    with school.owner() as connection:
        connection.execute("update school.student set full_name = 'Cup Six' where id = %s", (ANN,))
        connection.execute("update school.class set name = 'Day Ten' where id = %s", (CLASS_1A,))
    assert (ids(coordinator, "axe"), ids(coordinator, "bow")) == (set(), set())


def test_who_left_and_what_is_archived_comes_last_and_says_so(school: Scratch, act: Act) -> None:
    with school.owner() as connection:
        for student, name in ((ANN, "Axe One"), (BEN, "Axe Two")):
            connection.execute(
                "update school.student set full_name = %s, is_active = %s where id = %s",
                (name, student == BEN, student),
            )
    with acting_as(act(people.COORDINATOR)) as connection:
        found = find(connection, "axe")
    assert [(one.id, one.is_here) for one in found] == [(BEN, True), (ANN, False)]
