"""What a column means, by its heading."""

import re
from collections.abc import Sequence
from typing import Final

from data.files.importing.columns.mapping import Columns
from data.files.importing.columns.titles import is_total
from data.files.importing.folding import fold
from data.files.importing.meanings import Meaning

# Separated by "|". Left out, for they may mean several things: "completed" (yes, or when?), "id", "date"; and
# "final score", which may be the whole course's.
SYNONYMS: Final = {
    Meaning.STUDENT_ID: "student id|studentid|student uuid|learner id|user id|pupil id|student sourced id"
    "|user sourced id",
    Meaning.EMAIL: "e-mail|email|mail|e-mail address|mail address|student e-mail|student mail"
    "|student e-mail address|learner e-mail|user e-mail",
    Meaning.USERNAME: "user name|login|login id|login name|user login|sis login id",
    Meaning.STUDENT: "student|student name|students|full name|name|learner|learner name|pupil|pupil name"
    "|name of student|participant|student full name|display name",
    Meaning.FIRST_NAME: "first name|given name|forename|firstname|student first name",
    Meaning.LAST_NAME: "last name|surname|family name|lastname|student last name",
    Meaning.MODULE_ID: "module id|moduleid|module uuid|course id|courseid|activity id"
    "|line item sourced id",
    Meaning.MODULE: "module|module name|module title|course|course name|course title|activity|activity name"
    "|assessment|assessment name|project|unit|unit name",
    Meaning.STATUS: "status|state|progress status|module status|completion status|course status",
    Meaning.PERCENTAGE: "percentage|percent|%|pct|progress|progress %|% progress|completion|completion %"
    "|% complete|% completed|percent complete|percentage complete|progress percentage|progress percent"
    "|completion percentage",
    Meaning.SCORE: "score|score %|grade|points|mark|marks|result",
    Meaning.POSSIBLE: "points possible|possible points|possible|points available|out of|max|maximum|max points"
    "|maximum points|max score|maximum score|max mark|maximum mark|max marks|maximum marks|max grade"
    "|maximum grade|highest possible|total possible|total points possible|max punkte|maximale punktzahl",
    Meaning.COMPLETED: "completed on|completed at|completed date|completion date|date completed"
    "|date of completion|completed when|finished on|finish date|date finished|completion time"
    "|time completed",
}


_OUT_OF: Final = re.compile(
    r"(?:/|\bout of\b|\bmax(?:imum)?\b\.?)\s*[0-9]+(?:[.,][0-9]+)?\s*\Z", re.IGNORECASE
)


def _key(heading: str) -> str:
    """Spaces do not count either; what is in brackets explains, as does "/20", unless nothing else is there."""
    shorter = re.sub(r"\([^()]*\)|\[[^\[\]]*\]", " ", heading)
    shorter = _OUT_OF.sub("", shorter)
    return (fold(shorter) or fold(heading)).replace(" ", "")


_MEANINGS: Final = {
    _key(word): meaning for meaning, words in SYNONYMS.items() for word in words.split("|")
}


def recognise(headings: Sequence[str]) -> Columns:
    """The best guess of each column's meaning; case, accents, punctuation and spaces do not matter."""
    guesses = (None if is_total(one) else _MEANINGS.get(_key(one)) for one in headings)
    return Columns(tuple(headings), tuple(guesses))


def is_oneroster_results(headings: Sequence[str]) -> bool:
    """Is it the table results.csv of OneRoster, or assessmentResults.csv?"""
    keys = {_key(heading) for heading in headings}
    of_work = any(key.endswith("lineitemsourcedid") for key in keys)
    return of_work and {"sourcedid", "score"} <= keys


def is_roster(headings: Sequence[str]) -> bool:
    """Is it a list of people, classes or courses, as OneRoster and Microsoft School Data Sync write them?"""
    keys = {_key(heading) for heading in headings}
    # "SIS ID" alone may be a student's number in any list of marks.
    is_of_sds = "sisid" in keys and bool(keys & {"schoolsisid", "sectionsisid", "termsisid"})
    return not is_oneroster_results(headings) and (
        is_of_sds or bool(keys & {"sourcedid", "classsourcedid"})
    )
