"""Progress from a file: read a table, recognise its columns, judge every line. Pure: no database, no page.

`read_file()` or `read_pasted()` gives a Sheet, `recognise_table()` its Columns (a person may correct them),
`concerned()` the rows whose current values `judge()` needs. What it makes of them, `save()` takes.
"""

from data.files.importing.cells.answers import Answers, Blanks, OpenQuestion
from data.files.importing.cells.dates import DateOrder, Serials
from data.files.importing.columns.headings import recognise
from data.files.importing.columns.mapping import Columns, ModuleColumn, Sets
from data.files.importing.columns.recognising import recognise_table
from data.files.importing.judging.lines import concerned, judge
from data.files.importing.judging.verdicts import CurrentRow, Judgement, Line, LineProblem, Verdict
from data.files.importing.meanings import Meaning
from data.files.importing.people import Recognised, recognise_people
from data.files.importing.reading.encodings import ENCODINGS
from data.files.importing.reading.file import read_file, read_pasted
from data.files.importing.refused import RefusedRow, not_saved_csv, problems_csv, why_not
from data.files.importing.roster import KnownModule, KnownStudent, Roster
from data.files.importing.sheet import Row, Sheet, UnreadableFile
from data.files.importing.template import FilledRow, template_csv, template_xlsx

__all__ = [
    "ENCODINGS",
    "Answers",
    "Blanks",
    "Columns",
    "CurrentRow",
    "DateOrder",
    "FilledRow",
    "Judgement",
    "KnownModule",
    "KnownStudent",
    "Line",
    "LineProblem",
    "Meaning",
    "ModuleColumn",
    "OpenQuestion",
    "Recognised",
    "RefusedRow",
    "Roster",
    "Row",
    "Serials",
    "Sets",
    "Sheet",
    "UnreadableFile",
    "Verdict",
    "concerned",
    "judge",
    "not_saved_csv",
    "problems_csv",
    "read_file",
    "read_pasted",
    "recognise",
    "recognise_people",
    "recognise_table",
    "template_csv",
    "template_xlsx",
    "why_not",
]
