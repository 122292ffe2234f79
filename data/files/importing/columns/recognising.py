"""What a table's columns mean: by their headings, and by who and what is in them."""

from typing import Final

from data.files.importing.columns.class_export import class_columns, is_class_export
from data.files.importing.columns.contents import (
    module_by_contents,
    students_by_contents,
    turned_round,
    without_idle_keys,
    without_idle_module,
)
from data.files.importing.columns.gradebook import find_gradebook, module_columns
from data.files.importing.columns.gradebook_lines import lines_of_nobody
from data.files.importing.columns.gradebook_notices import gradebook_notices, lines_told
from data.files.importing.columns.headings import is_oneroster_results, recognise
from data.files.importing.columns.mapping import Columns
from data.files.importing.columns.titles import is_total
from data.files.importing.meanings import Meaning
from data.files.importing.roster import Roster
from data.files.importing.sheet import MOST_LINES, Sheet, UnreadableFile, as_text
from data.i18n.formats import count, quoted

DELETED: Final = "tobedeleted"
_RESULTS_ALONE: Final = (
    "These are the results of a OneRoster package without its other tables: only those say which student and "
    "which module an id means. Choose the whole ZIP, or first take its people on the page “School”."
)


def recognise_table(sheet: Sheet, roster: Roster) -> Columns:
    """The best guess of each column's meaning, of a line or a gradebook, with what was left out and why.

    Raises UnreadableFile where a gradebook holds more values than are taken at once.
    """
    by_heading = _of_results(sheet, recognise(sheet.headings), roster)
    if is_class_export(sheet.headings):
        return without_idle_keys(sheet, class_columns(by_heading, roster), roster)
    columns = students_by_contents(sheet, by_heading, roster)
    columns = turned_round(columns, roster)
    found = find_gradebook(sheet, columns, roster)
    if found is None:
        columns = _without_shares(module_by_contents(sheet, columns, roster))
        columns = without_idle_module(sheet, columns, roster)
        columns = without_idle_keys(sheet, columns, roster)
        return _without_sums(sheet, _without_totals(columns), roster)
    columns = without_idle_keys(sheet, module_columns(sheet, columns, found), roster)
    if len(sheet.rows) * len(columns.modules) > MOST_LINES:
        message = f"The file has more than {MOST_LINES:,} values. Divide it into several files."
        raise UnreadableFile(message)
    notices = gradebook_notices(sheet, by_heading, columns, found, roster)
    return columns.saying(*notices)


def _without_totals(columns: Columns) -> Columns:
    """They never were guessed; here it is said."""
    totals = quoted(one for one in columns.headings if one and is_total(one))
    if not totals:
        return columns
    words = f"Not used, for it may be several modules’ figure: {', '.join(totals)}."
    return columns.saying(words)


def _without_shares(columns: Columns) -> Columns:
    """Beside points and of how many they are, percent are the same once more, and no progress."""
    place = columns.places.get(Meaning.PERCENTAGE)
    if place is None or not {Meaning.SCORE, Meaning.POSSIBLE} <= set(columns.places):
        return columns
    words = f"“{columns.headings[place]}” is not used: beside points it is their share, and no progress."
    return columns.choose(place, None).saying(words)


def _without_sums(sheet: Sheet, columns: Columns, roster: Roster) -> Columns:
    """Lines below the students that are averages of them."""
    rows = tuple(lines_of_nobody(sheet, columns, roster))
    if not rows:
        return columns
    columns = columns.without(row.line for row in rows)
    return columns.saying(lines_told(rows))


def _of_results(sheet: Sheet, columns: Columns, roster: Roster) -> Columns:
    """A OneRoster result's status says whether its line counts, and nothing of the student's.

    Its ids are those that a roster of the same system brought. Raises UnreadableFile where they name nobody.
    """
    if not is_oneroster_results(columns.headings):
        return columns
    student, status = (columns.places.get(one) for one in (Meaning.STUDENT_ID, Meaning.STATUS))
    ids = [] if student is None else [as_text(row.at(student)) for row in sheet.rows]
    if not any(roster.students_by(Meaning.STUDENT_ID, one) for one in ids):
        raise UnreadableFile(_RESULTS_ALONE)
    if status is None:
        return columns
    deleted = [row.line for row in sheet.rows if as_text(row.at(status)).casefold() == DELETED]
    if deleted:
        were = count(len(deleted), "deleted result was", "deleted results were")
        columns = columns.without(deleted).saying(f"{were} left out.")
    return columns.choose(status, None)
