"""Progress from a file: read a table, recognise its columns, judge every line. Pure: no database, no page.

`read_file()` or `read_pasted()` gives a Sheet, `recognise()` its Columns (a person may correct them),
`concerned()` the rows whose current values `judge()` needs. What it makes of them, `save()` takes.
"""

from data.importing.headings import Columns, Meaning, recognise
from data.importing.judging import Questions, judge, questions
from data.importing.people import Recognised, recognise_people
from data.importing.reading import read_file, read_pasted
from data.importing.resolving import concerned
from data.importing.roster import KnownModule, KnownStudent, Roster
from data.importing.sheet import Row, Sheet, UnreadableFile
from data.importing.tables import FilledRow, problems_csv, template_csv, template_xlsx, why_not
from data.importing.verdicts import CurrentRow, Judgement, Line, LineProblem, Verdict

__all__ = [
    "Columns",
    "CurrentRow",
    "FilledRow",
    "Judgement",
    "KnownModule",
    "KnownStudent",
    "Line",
    "LineProblem",
    "Meaning",
    "Questions",
    "Recognised",
    "Roster",
    "Row",
    "Sheet",
    "UnreadableFile",
    "Verdict",
    "concerned",
    "judge",
    "problems_csv",
    "questions",
    "read_file",
    "read_pasted",
    "recognise",
    "recognise_people",
    "template_csv",
    "template_xlsx",
    "why_not",
]
