"""What is found from every page: by the beginnings of words, by nearly the words, and what one may see."""

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import Connection

from data.access.session import Actor, acting_as
from data.reading.students.search import MOST, find
from tests import people
from tests.clusters import Scratch
from tests.people import ANN, BEN, CLASS_1A, CLASS_1B, CLEO, COURSE, DAN, NORTH

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


EXACT: list[tuple[str, str | None, str | None, list[str]]] = [
    ("Sean O'Brien", None, None, ["obrien", "o’brien", "o brien", "brien", "o'bri", "brien se"]),
    ("Seán Ó Briain", None, None, ["o briain", "obriain", "briain", "ó b"]),
    (
        "Mary-Jane Smith-Jones",
        None,
        None,
        ["jane", "maryjane", "mary jane", "mary–jane", "smith - jones"],
    ),
    (
        "Jan van den Berg",
        None,
        None,
        ["berg", "van berg", "vandenberg", "vandenb jan", "denberg", "v.d. berg"],
    ),
    (
        "María de la Cruz García",
        None,
        None,
        ["delacruz", "de cruz", "cruz garcia", "GARCÍA, María"],
    ),
    ("Anne Marie Dubois", None, None, ["annemarie", "anne-marie", "annemarie dub", "mariedubois"]),
    ("Smith, John", None, None, ["john smith", "smith,john", "smith; john"]),
    ('Rob "Bobby" Stone (guest)', None, None, ["bobby", '"bobby"', "guest", "(gue", "stone rob"]),
    ("Ann/Lee_Kay", None, None, ["ann", "lee", "kay", "lee_kay"]),
    ("IŞIL Yıldız", None, None, ["isil", "ışıl", "ISIL", "yildiz", "YILDIZ"]),
    ("İbrahim Çelik", None, None, ["ibrahim", "İBRAHİM", "ıbrahim", "çelik"]),
    ("Γιώργος Παπαδόπουλος", None, None, ["γιωργοσ", "ΓΙΏΡΓΟΣ", "παπαδ γιω"]),
    ("Алёна Йовкова", None, None, ["алена", "АЛЁНА", "иовк"]),
    ("Søren Weiß", None, None, ["soren", "weiss", "WEISS"]),
    ("陳大文", None, None, ["陳", "陳大文", "大文", "文"]),
    ("김민수", None, None, ["김", "김민수", "민수"]),
    ("J", None, None, ["j", "J."]),
    ("Zz", None, "a.novak+math_2@x.org", ["novak", "anovak", "math", "A.NOVAK+Math_2@"]),
    ("Zz", "00123", None, ["00123", "123", "0123", "0012", "12"]),
    ("Zz", "S/2024/007", None, ["s/2024/007", "s2024007", "2024 7", "007"]),
    ("Zz", "AB 12 C", None, ["ab12c", "ab 12", "12"]),
]
"""Names, numbers and e-mails, and what is typed for them as they are written."""

NEARLY: list[tuple[str, str | None, str | None, list[str]]] = [
    ("McDonald", None, None, ["mc donald", "macdonald"]),
    ("Björn Müller", None, None, ["bjoern mueller", "mller"]),
    ("Bozena Martin", None, None, ["bozena matrin", "amrtin", "martni bozzena"]),
    ("Zz", "1234", None, ["001234", "0001234"]),
]

NOT: list[tuple[str, str | None, str | None, list[str]]] = [
    ("Kim Lee", None, None, ["kin", "kmi", "im"]),
    ("Jan van den Berg", None, None, ["denvan", "bergvan", "janberg"]),
    ("Zz", "00123", "anna@school.example", ["23", "00132", "school", "example"]),
    ("Zz", "123", None, ["1230", "0013"]),
]


@pytest.mark.parametrize(
    ("are", "rows"),
    [((True, True), EXACT), ((False, True), NEARLY), ((False, False), NOT)],
    ids=["exactly", "nearly", "not"],
)
def test_who_is_meant_by_what_is_typed(
    school: Scratch,
    are: tuple[bool, bool],
    rows: list[tuple[str, str | None, str | None, list[str]]],
) -> None:
    asked = [(*of, typed) for *of, meant in rows for typed in meant]
    with school.owner() as connection:
        told = [
            connection.execute(
                """
                select findable @@ internal.asked(%s, false), findable @@ internal.asked(%s, true)
                from internal.findable(%s, %s, %s) as findable
                """,
                (typed, typed, *of),
            ).fetchone()
            for *of, typed in asked
        ]
    assert [one for one in zip(asked, told, strict=True) if one[1] != are] == []


def test_a_name_costs_no_call_for_each_of_its_words(school: Scratch) -> None:
    """Each such call would be dearer than all the rest, for every student who is written."""
    plan = """
        explain (verbose)
        select word, rest, run
        from school.class
        cross join internal.words_of(class.name) as word
        cross join internal.less_a_letter(word) as rest
        cross join internal.run_together(class.name) as run
    """
    with school.owner() as connection:
        lines = "\n".join(str(line) for (line,) in connection.execute(plan).fetchall())
    assert "class.name" in lines
    assert "internal." not in lines


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


@pytest.fixture
def crowd(school: Scratch) -> None:
    """More students of the North's than are asked one by one, all with an e-mail that begins with s."""
    with school.owner() as connection:
        connection.execute(
            """
            insert into school.student (id, organisation_id, full_name, email, is_active)
            select
                gen_random_uuid(),
                %s,
                case when place <= 8 then 'Axe ' else 'Bowman ' end || place,
                's' || place || '@x.org',
                place <> 1
            from generate_series(1, 10050) as place
            """,
            (NORTH,),
        )
        for student, name in ((ANN, "Axe 0"), (BEN, "Zoe Axe"), (DAN, "Axe 00")):
            connection.execute(
                "update school.student set full_name = %s where id = %s", (name, student)
            )


def test_of_many_the_first_by_name_are_found(school: Scratch, act: Act, crowd: None) -> None:
    def found(person: UUID, typed: str, *opened: UUID) -> list[str]:
        with acting_as(act(person)) as connection:
            return [one.name for one in find(connection, typed, opened) if one.kind == "student"]

    axes = [f"Axe {place}" for place in (2, 3, 4, 5, 6)]
    assert found(people.COORDINATOR, "axe") == ["Axe 0", *axes]
    assert found(people.ADMIN, "axe") == ["Axe 0", "Axe 00", *axes[:4]]
    assert found(people.TEACHER, "axe") == ["Axe 0", "Zoe Axe"]
    assert found(people.ADMIN, "axe", BEN) == ["Zoe Axe", "Axe 0", "Axe 00", *axes[:3]]
    for person in (people.COORDINATOR, people.ADMIN):
        assert found(person, "zoe axe") == ["Zoe Axe"]
        assert found(person, "axe zo") == ["Zoe Axe"]
        assert found(person, "bwoman 10050") == ["Bowman 10050"]
        # Who left comes last, and who begins so first, whatever else of others does.
        assert found(person, "axe 1") == ["Axe 1"]
        assert len(found(person, "s")) == MOST
