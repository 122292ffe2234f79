"""The list that an office has: in whatever shape and language, people and classes are read, nothing else."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
import xlsxwriter  # type: ignore[import-untyped]

from data.files.importing.reading import workbook as reading_of_workbooks
from data.files.importing.sheet import UnreadableFile
from data.roster.files.given import Given
from data.roster.files.reading import file
from data.roster.files.reading.file import ReadAs
from data.roster.files.reading.headings import Column
from data.roster.files.reading.tables import UnknownHeadings
from tests.unit.made_roster import SCHOOL, made, student


def read_roster(content: bytes, read_as: ReadAs = file.AS_IT_IS) -> Given:
    return file.read_roster(content, SCHOOL, read_as)


def read_pasted(text: str, read_as: ReadAs = file.AS_IT_IS) -> Given:
    return file.read_pasted(text, SCHOOL, read_as)


People = list[tuple[str, str | None, str | None, tuple[str, ...]]]


def told(given: Given) -> People:
    """Name, e-mail, number and classes of everybody."""
    names = {one.key: one.label for one in given.classes}
    classes = given.classes_of()
    return [
        (
            one.full_name,
            one.email,
            one.number,
            tuple(names[key] for key in classes.get(one.key, ())),
        )
        for one in given.people
    ]


def workbook(sheets: Mapping[str, Sequence[Sequence[object]]]) -> bytes:
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    return packed.getvalue()


EVE: People = [("Eve Moss", "eve@example.org", "1003", ("10C",))]


@pytest.mark.parametrize(
    "text",
    [
        "Name,E-mail,School number,Class\nEve Moss,eve@example.org,1003,10C\n",
        'Full name;Student ID;Email address;Group\n"Moss, Eve";1003;eve@example.org;10C\n',
        "Nachname;Vorname;Schülernummer;E-Mail-Adresse;Klasse\nMoss;Eve;1003;eve@example.org;10C\n",
        "Name;Vorname;Schüler-Nr.;Mail;Klasse\nMoss;Eve;1003;eve@example.org;10C\n",
        "Name, Vorname;Schüler-ID;Mail;Klasse\nMoss Eve;1003;eve@example.org;10C\n",
        "Nom\tPrénom\tCourriel\tMatricule\tClasse\nMoss\tEve\teve@example.org\t1003\t10C\n",
        "Apellidos;Nombre;Correo electrónico;Matrícula;Grupo\nMoss;Eve;eve@example.org;1003;10C\n",
        "Cognome;Nome;Indirizzo e-mail;Matricola;Classe\nMoss;Eve;eve@example.org;1003;10C\n",
        "Roepnaam;Achternaam;E-mailadres;Leerlingnummer;Klas\nEve;Moss;eve@example.org;1003;10C\n",
        "Imię;Nazwisko;E-mail;Numer ucznia;Klasa\nEve;Moss;eve@example.org;1003;10C\n",
        "Jméno;Příjmení;E-mail;Číslo žáka;Třída\nEve;Moss;eve@example.org;1003;10C\n",
        "Förnamn;Efternamn;E-post;Elevnummer;Klass\nEve;Moss;eve@example.org;1003;10C\n",
        "\ufeffSTUDENT NAME | ID | EMAIL | HOMEROOM\nEve Moss | 1003 | <eve@example.org> | 10C\n",
        "Our students\n\nNo.,Name,E-mail,School number,Class\n1,Eve Moss,eve@example.org,1003,10C\n",
    ],
)
def test_headings_are_known_in_the_languages_of_schools(text: str) -> None:
    assert told(read_roster(text.encode())) == EVE
    assert told(read_pasted(text)) == EVE


def test_names_are_said_first_name_first_and_what_is_unclear_is_refused() -> None:
    text = "Voornaam;Tussenvoegsel;Achternaam;Klas\nJan;van der;Berg;10C\n"
    assert [one.full_name for one in read_pasted(text).people] == ["Jan van der Berg"]
    text = "Nombre de pila;Primer apellido;Segundo apellido\nAna;García;López\n"
    assert [one.full_name for one in read_pasted(text).people] == ["Ana García López"]
    given = read_pasted("Nazwisko i imię\nMoss Eve\nvan Berg Jan\n")
    assert [one.full_name for one in given.people] == ["Eve Moss"]
    assert [(one.place.line, one.who) for one in given.refused] == [(3, "van Berg Jan")]
    assert "Which part is the surname?" in given.refused[0].why


PRIVATE = [
    "Password",
    "Initial password",
    "Kennwort",
    "Mot de passe",
    "Contraseña",
    "Wachtwoord",
    "PIN",
]
BORN = [
    "Date of birth",
    "DOB",
    "Birthday",
    "Geburtsdatum",
    "geb. am",
    "Date de naissance",
    "Né(e) le",
]


@pytest.mark.parametrize(
    "heading", [*PRIVATE, *BORN, "Fecha de nacimiento", "Data urodzenia", "Födelsedatum"]
)
def test_passwords_and_birthdays_never_come_into_memory(heading: str) -> None:
    text = f"Name,{heading},Class\nEve Moss,s3cret-2010,10C\n"
    for content in (
        text.encode(),
        workbook({"10C": [["Name", heading], ["Eve Moss", "s3cret-2010"]]}),
    ):
        given = read_roster(content, ReadAs(columns={heading: Column.NUMBER}))
        assert "s3cret" not in repr(given)
        assert told(given) == [("Eve Moss", None, None, ("10C",))]
        assert f"Never read: “{heading}”." in given.notices


def test_how_many_lines_were_read_and_the_last_are_told_for_a_text_may_be_cut_off() -> None:
    text = "First name,Last name,Class\nEve,Moss,10C\nFinn,Odd,10C\n\nGus,Pike,10C\n"
    assert "3 lines were read; the last is line 5." in read_pasted(text).notices
    assert "2 lines were read; the last is line 3." in read_pasted(text[:52]).notices
    sheets = {"10C": [["Name"], ["Eve Moss"]], "10D": [["Name"], ["Finn Odd"]]}
    assert (
        "2 lines were read; the last is line 2 of “10D”." in read_roster(workbook(sheets)).notices
    )


def test_a_workbook_of_more_worksheets_than_are_read_is_refused_and_never_cut_short(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reading_of_workbooks, "MOST_WORKSHEETS", 2)
    sheets = {f"10{one}": [["Name"], [f"Eve {one}"]] for one in "CDE"}
    with pytest.raises(UnreadableFile, match="has 3 worksheets, and 2 can be read"):
        read_roster(workbook(sheets))
    assert len(told(read_roster(workbook(dict(list(sheets.items())[:2]))))) == 2


def test_a_workbook_has_a_class_a_sheet_or_a_column_for_it() -> None:
    by_sheet: dict[str, list[list[object]]] = {
        "10C": [["Name", "ID"], ["Eve Moss", 1003]],
        "10D": [["Name", "ID"], ["Finn Odd", 1004.0]],
        "Notes": [["Nothing here"]],
    }
    given = read_roster(workbook(by_sheet))
    assert told(given) == [
        ("Eve Moss", None, "1003", ("10C",)),
        ("Finn Odd", None, "1004", ("10D",)),
    ]
    assert [str(one.place) for one in given.people] == ["10C, line 2", "10D, line 2"]
    assert "Nobody was found in “Notes”." in given.notices
    one_sheet = {"Sheet1": [["Name", "Class"], ["Eve Moss", "10C; Choir"], ["Finn Odd", "10D"]]}
    assert [classes for *_, classes in told(read_roster(workbook(one_sheet)))] == [
        ("10C", "Choir"),
        ("10D",),
    ]
    unnamed = {"Tabelle1": [["Name"], ["Eve Moss"]]}
    assert told(read_roster(workbook(unnamed))) == [("Eve Moss", None, None, ())]
    named = ReadAs(class_name="10C", year="2026/27")
    assert told(read_roster(workbook(unnamed), named)) == [
        ("Eve Moss", None, None, ("10C, 2026/27",))
    ]


def test_a_comma_divides_classes_only_where_each_part_is_one() -> None:
    text = 'Name,Class\nEve Moss,"History, advanced"\nFinn Odd,"10C, 10D"\n'
    given = read_roster(text.encode())
    assert [classes for *_, classes in told(given)] == [("History, advanced",), ("10C", "10D")]


def test_a_column_that_counts_the_lines_is_no_number_of_the_school() -> None:
    counted = read_pasted("Number,Name\n1,Eve Moss\n2,Finn Odd\n")
    assert [one.number for one in counted.people] == [None, None]
    numbers = read_pasted("Number,Name\n1,Eve Moss\n7,Finn Odd\n")
    assert [one.number for one in numbers.people] == ["1", "7"]


def test_values_that_cannot_be_are_refused_by_their_line() -> None:
    given = read_pasted(
        "Name,E-mail,Class,Role\n"
        f"Eve Moss,eve at home,10C,\n,,10C,\n{'x' * 201},,10C,\nFinn \ufffdOdd,,10C,\n"
        "Tess Teacher,tess@example.org,10C,Lehrer\n"
        "Paul Odd,,10C,Vater\n"
    )
    assert [one.place.line for one in given.refused] == [2, 3, 4, 5, 7]
    assert [(one.full_name, one.kind) for one in given.people] == [("Tess Teacher", "staff")]
    assert "“Vater” is no role" in given.refused[-1].why


def test_what_a_column_means_can_be_said() -> None:
    text = "Wer,Kürzel\nEve Moss,1003\n"
    with pytest.raises(UnknownHeadings, match="names people: “Wer”, “Kürzel”") as refused:
        read_pasted(text)
    assert refused.value.headings == ("Wer", "Kürzel")
    given = read_pasted(text, ReadAs(columns={"Wer": Column.NAME, "Kürzel": Column.NUMBER}))
    assert told(given) == [("Eve Moss", None, "1003", ())]
    both = "Name,Student,Class\nEve Moss,E,10C\n"
    with pytest.raises(UnknownHeadings, match="“Name” and “Student” both seem to be “Name”"):
        read_pasted(both)
    assert told(read_pasted(both, ReadAs(columns={"Student": None})))[0][0] == "Eve Moss"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty"),
        (b"Name,Class\n", "There is nobody below the headings"),
        (b"%PDF-1.7", "not a table"),
        (b"PK\x03\x04 cut off", "cannot be read"),
        (b"Name\n" + b"Eve Moss\n" * 50_001, "more than 50,000 lines"),
        (b'Name,Class\n"Eve Moss,10C\n', "a quotation mark is not closed"),
        (b"Name\n" + b"x" * 20 * 1024 * 1024, "larger than 20 MB"),
    ],
)
def test_what_is_no_list_is_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(UnreadableFile, match=words):
        read_roster(content)


def test_the_names_that_are_known_find_the_encoding() -> None:
    content = "Name;Class\nZoë Łuków;10C\n".encode("cp1250")
    zoe = student(made(70), "Zoë Łuków")
    given = file.read_roster(content, replace(SCHOOL, people={zoe.id: zoe}))
    assert [one.full_name for one in given.people] == ["Zoë Łuków"]
