"""Tables out: the lines that could not be taken, and the edits that were not saved, with the reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import tzinfo

from data.files.exporting.delimited import as_delimited
from data.files.importing.cells.written_back import shown
from data.files.importing.cells.zones import with_zone
from data.files.importing.judging.verdicts import Judgement, Line
from data.files.importing.meanings import FIELDS, Meaning
from data.files.importing.sheet import Sheet, as_text
from data.rules.progress import CLEARS, Edit, Field, Values


def problems_csv(sheet: Sheet, judgement: Judgement) -> bytes:
    """The file's own columns of every line that could not be taken, with "Line" and "Why not" after them.

    Lines between the headings and the first that was checked go along: there a gradebook says its points.
    """
    reasons: dict[int, str] = {}
    for line in judgement.rejected:
        reasons[line.line] = f"{reasons.get(line.line, '')} {why_not(line)}".strip()
    first = min((line.line for line in judgement.lines), default=0)
    rejected = [row for row in sheet.rows if row.line in reasons or row.line < first]
    wide = max((len(row.cells) for row in rejected), default=0)
    headings = [*sheet.headings, *[""] * (wide - len(sheet.headings))]
    table = [[*headings, "Line", "Why not"]]
    for row in rejected:
        cells = [*map(as_text, row.cells), *[""] * (len(headings) - len(row.cells))]
        table.append([*cells, str(row.line), reasons.get(row.line, "")])
    return as_delimited(table)


@dataclass(frozen=True)
class RefusedRow:
    """An edit that was not saved, of whom and what, and why."""

    edit: Edit
    student: str
    module: str
    why: str


def not_saved_csv(rows: Iterable[RefusedRow], zone: tzinfo) -> bytes:
    """What was wanted of each row, to be read again once it can be saved: only what was to change is there."""
    key_columns = (Meaning.STUDENT, Meaning.STUDENT_ID, Meaning.MODULE, Meaning.MODULE_ID)
    fields = [with_zone(one, zone) if one is Meaning.COMPLETED else one.value for one in FIELDS]
    table: list[list[str]] = [[*(one.value for one in key_columns), *fields, "Why not"]]
    for row in rows:
        key = [row.student, str(row.edit.student_id), row.module, str(row.edit.module_id)]
        wanted = [_wanted(row.edit.changes, name, zone) for name in FIELDS.values()]
        table.append([*key, *wanted, row.why])
    return as_delimited(table)


def _wanted(changes: Values, name: Field, zone: tzinfo) -> str:
    is_cleared = name in changes and changes[name] is None
    return CLEARS if is_cleared else shown(changes.get(name), zone)


def why_not(line: Line) -> str:
    """What is wrong with a line, each sentence after its column."""
    return " ".join(
        f"{one.heading}: {one.message}" if one.heading else one.message for one in line.problems
    )
