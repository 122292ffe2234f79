"""What a table's columns mean: by their headings, and by who and what is in them."""

from __future__ import annotations

from dataclasses import replace

from data.files.importing.columns.contents import (
    module_by_contents,
    students_by_contents,
    without_idle_keys,
    without_idle_module,
)
from data.files.importing.columns.gradebook import find_gradebook, module_columns
from data.files.importing.columns.gradebook_notices import gradebook_notices
from data.files.importing.columns.headings import recognise
from data.files.importing.columns.mapping import Columns
from data.files.importing.columns.titles import is_total
from data.files.importing.meanings import Meaning
from data.files.importing.roster import Roster
from data.files.importing.sheet import MOST_LINES, Sheet, UnreadableFile


def recognise_table(sheet: Sheet, roster: Roster) -> Columns:
    """The best guess of each column's meaning, of a line or a gradebook, with what was left out and why.

    Raises UnreadableFile where a gradebook holds more values than are taken at once.
    """
    by_heading = _of_results(recognise(sheet.headings))
    columns = students_by_contents(sheet, by_heading, roster)
    found = find_gradebook(sheet, columns, roster)
    if found is None:
        columns = module_by_contents(sheet, columns, roster)
        columns = without_idle_module(sheet, columns, roster)
        return _without_totals(without_idle_keys(sheet, columns, roster))
    columns = without_idle_keys(sheet, module_columns(sheet, columns, found), roster)
    if len(sheet.rows) * len(columns.modules) > MOST_LINES:
        message = f"The file has more than {MOST_LINES:,} values. Divide it into several files."
        raise UnreadableFile(message)
    notices = gradebook_notices(sheet, by_heading, columns, found, roster)
    return replace(columns, notices=(*columns.notices, *notices))


def _without_totals(columns: Columns) -> Columns:
    """They never were guessed; here it is said."""
    totals = [f"“{one}”" for one in columns.headings if one and is_total(one)]
    if not totals:
        return columns
    words = f"Not used, for it may be several modules’ figure: {', '.join(totals)}."
    return replace(columns, notices=(*columns.notices, words))


def _of_results(columns: Columns) -> Columns:
    """A OneRoster result's status says whether its line counts, and nothing of the student's."""
    names = {one.casefold() for one in columns.headings}
    place = columns.places.get(Meaning.STATUS)
    if place is not None and {"lineitemsourcedid", "sourcedid"} <= names:
        return columns.choose(place, None)
    return columns
