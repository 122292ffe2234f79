"""What a column of a list of people means, by its heading, in the languages of schools near and far."""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final

from data.files.importing.folding import fold


class Column(StrEnum):
    """What is read of a list; the value is the heading that the template gives it."""

    NAME = "Name"
    FIRST_NAME = "First name"
    INFIX = "Name prefix"
    LAST_NAME = "Last name"
    SECOND_LAST_NAME = "Second last name"
    EMAIL = "E-mail"
    NUMBER = "School number"
    CLASS = "Class"
    YEAR = "School year"
    ROLE = "Role"


PEOPLE: Final = frozenset({Column.NAME, Column.FIRST_NAME, Column.LAST_NAME, Column.EMAIL})
"""Without one of these a line of headings is none."""

# English, German, French, Spanish, Italian, Portuguese, Dutch, Polish, Czech, the Scandinavian ones, Finnish.
# Left out, for they count lines or years: "no", "nr", "#", "year", "grade".
SYNONYMS: Final = {
    Column.NAME: "name|names|full name|complete name|display name|student|students|student name"
    "|name of student|student full name|pupil|pupil name|learner|learner name|participant"
    "|name and surname|schüler|schülerin|schüler in|schülername|vor und nachname"
    "|vorname nachname|vollständiger name|nom|nom complet|élève|nom de l'élève|prénom nom"
    "|prénom et nom|nombre|nombre completo|alumno|alumna|estudiante|nombre y apellidos"
    "|nome|nome completo|alunno|studente|nome e cognome|aluno|estudante|nome do aluno"
    "|naam|volledige naam|leerling|naam leerling|uczeń|imię i nazwisko|žák|jméno"
    "|jméno a příjmení|namn|navn|elev|elevens namn|nimi|oppilas",
    Column.FIRST_NAME: "first name|firstname|given name|given names|forename|forenames|preferred first name"
    "|student first name|vorname|vornamen|rufname|prénom|prénoms|nombre de pila|nombres"
    "|primeiro nome|voornaam|roepnaam|imię|křestní jméno|förnamn|fornavn|etunimi",
    Column.INFIX: "name prefix|infix|tussenvoegsel|tussenvoegsels|voorvoegsel|voorvoegsels|namenszusatz",
    Column.LAST_NAME: "last name|lastname|surname|family name|student last name|legal surname|nachname"
    "|familienname|zuname|nom de famille|apellido|apellidos|primer apellido|apellido 1"
    "|apellido paterno|cognome|apelido|apelidos|sobrenome|último nome|achternaam|nazwisko"
    "|příjmení|efternamn|etternavn|efternavn|sukunimi",
    Column.SECOND_LAST_NAME: "second last name|second surname|segundo apellido|apellido 2|apellido materno",
    Column.EMAIL: "e-mail|email|mail|e-mail address|mail address|student e-mail|student e-mail address"
    "|school e-mail|e-mail-adresse|mailadresse|schul e-mail|courriel|adresse e-mail"
    "|adresse mail|adresse électronique|mél|correo|correo electrónico|dirección de correo"
    "|correo institucional|posta elettronica|indirizzo e-mail|correio eletrónico"
    "|correio eletrônico|endereço de e-mail|e-mailadres|adres e-mail|e-mailová adresa"
    "|e-post|e-postadress|e-postadresse|sähköposti",
    Column.NUMBER: "school number|number|student number|student no|student nr|pupil number|pupil no|id"
    "|student id|id number|pupil id|sis id|sis user id|local id|local student id"
    "|admission number|admission no|roll number|identifier|matriculation number"
    "|schülernummer|schüler nr|schüler id|matrikelnummer|schulnummer des schülers|numéro"
    "|numéro d'élève|numéro élève|numéro étudiant|matricule|ine|número|número de alumno"
    "|matrícula|número de matrícula|expediente|matricola|numero studente|número de aluno"
    "|n.º de processo|leerlingnummer|studentnummer|stamnummer|numer ucznia|číslo žáka"
    "|elevnummer|oppilasnumero",
    Column.CLASS: "class|classes|class name|class group|group|groups|form|form group|homeroom|home room"
    "|tutor group|registration group|reg group|section|klasse|klassen|klassenname"
    "|lerngruppe|gruppe|classe|division|groupe|clase|grupo|sezione|turma|klas|groep"
    "|stamklas|klasa|oddział|třída|skupina|klass|luokka",
    Column.YEAR: "school year|academic year|schuljahr|année scolaire|curso escolar|curso académico"
    "|año escolar|anno scolastico|ano letivo|ano escolar|schooljaar|rok szkolny"
    "|školní rok|läsår|skoleår|lukuvuosi",
    Column.ROLE: "role|user role|rolle|rôle|rol|ruolo|papel|função|rola|roll|rooli",
}

PRIVATE: Final = re.compile(
    r"passw|passcode|kennwort|losenord|lozinka|mot de passe|contrasena|wachtwoord|haslo|heslo|salasana|senha"
    r"|palavra passe|passord|adgangskode|parola|\bpwd\b|\bpin\b"
    r"|birth|\bdob\b|\bborn\b|gebor|geburt|geb\b|naissance"
    r"|\bne le\b|\bnee le\b|\bne e le\b|nacim|nascita|\bnato\b"
    r"|nascimento|urodz|narozen|rodne|fodels|fodsel|syntym"
)
"""Passwords and birthdays, in folded headings: nobody can have these read."""

_SURNAME_FIRST: Final = (
    "last name, first name|lastname, firstname|lastname,firstname|surname, first name"
    "|surname, forename|last, first|family name, given name|name, vorname"
    "|nachname, vorname|nachname vorname|nom prénom|nom et prénom|apellidos, nombre"
    "|apellidos y nombre|apellidos y nombres|cognome e nome|cognome nome"
    "|achternaam, voornaam|naam, voornaam|nazwisko i imię|příjmení a jméno"
    "|efternamn, förnamn|sukunimi, etunimi"
)
SURNAME_FIRST: Final = frozenset(map(fold, _SURNAME_FIRST.split("|")))
"""Headings of a name that begins with the surname."""


def _key(heading: str) -> str:
    """Spaces do not count, nor what is in brackets, unless nothing else is there."""
    shorter = re.sub(r"\([^()]*\)|\[[^\[\]]*\]", " ", heading)
    return (fold(shorter) or fold(heading)).replace(" ", "")


_MEANINGS: Final = {
    _key(word): column for column, words in SYNONYMS.items() for word in words.split("|")
} | {one.replace(" ", ""): Column.NAME for one in SURNAME_FIRST}


def meaning(heading: str) -> Column | None:
    """What it means, whatever its case, accents and punctuation; None of what is unknown or never read."""
    return None if is_private(heading) else _MEANINGS.get(_key(heading))


def is_private(heading: str) -> bool:
    """Is it a password's or a birthday's?"""
    return PRIVATE.search(fold(heading)) is not None


def is_surname_first(heading: str) -> bool:
    """Does it say that the surname comes first?"""
    return fold(heading) in SURNAME_FIRST


def recognised(headings: Sequence[str]) -> int:
    """How many of them are known."""
    return len({meaning(one) for one in headings} - {None})


def places(
    headings: Sequence[str], chosen: Mapping[str, Column | None]
) -> tuple[dict[Column, int], list[str]]:
    """The column of each meaning, as chosen by heading or recognised; and those that two columns claim.

    Beside a first name "Name" is the last name, as in German and French; beside a last name, the first.
    """
    said = [chosen[one] if one in chosen else meaning(one) for one in headings]
    said = [None if is_private(one) else what for one, what in zip(headings, said, strict=True)]
    there = set(said)
    if Column.FIRST_NAME in there and Column.LAST_NAME not in there:
        said = [Column.LAST_NAME if one is Column.NAME else one for one in said]
    elif Column.LAST_NAME in there and Column.FIRST_NAME not in there:
        said = [Column.FIRST_NAME if one is Column.NAME else one for one in said]
    found: dict[Column, int] = {}
    doubtful = []
    for at, one in enumerate(said):
        if one is None:
            continue
        if one in found:
            doubtful.append(
                f"“{headings[found[one]]}” and “{headings[at]}” both seem to be “{one}”."
            )
        else:
            found[one] = at
    return found, doubtful
