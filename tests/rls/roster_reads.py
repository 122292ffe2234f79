"""Every read of the roster as it is kept: of class 1A, of Ann and Ben, of a save of many changes."""

from collections.abc import Callable, Mapping
from typing import Final

from sqlalchemy import Connection

from data.roster.apply import current
from data.roster.changes import RosterChange
from data.roster.files.present import present_roster
from data.roster.merging import both_rows, ids_elsewhere
from data.roster.reading.classes import class_entries
from data.roster.reading.managed import managed_organisations, managed_school
from data.roster.reading.modules import lesson_entries, module_entries
from data.roster.reading.saves import last_roster_change, roster_names, roster_save, roster_saves
from data.roster.reading.staff import staff_entries
from data.roster.reading.students import found_students, student_entries
from data.roster.undo import undo_changes
from tests.people import ANN, BEN, CLASS_1A, COURSE, NORTH, TEACHER

SAVE: Final = ANN
"""The id of the save that test_plans.py makes: any that no other has."""

OF_ROSTER: Final[Mapping[str, Callable[[Connection], object]]] = {
    "both_rows": lambda c: both_rows(c, BEN, ANN),
    "class_entries": class_entries,
    "current": lambda c: current(c, RosterChange("student", {"id": ANN}, {}, {})),
    "found_students": lambda c: (
        found_students(c),
        found_students(c, "student", CLASS_1A, "all"),
    ),
    "ids_elsewhere": lambda c: ids_elsewhere(c, BEN, ANN),
    "last_roster_change": last_roster_change,
    "lesson_entries": lambda c: lesson_entries(c, COURSE),
    "managed_organisations": managed_organisations,
    "managed_school": managed_school,
    "module_entries": module_entries,
    "present_roster": lambda c: present_roster(c, NORTH),
    "roster_names": lambda c: roster_names(c, [ANN, TEACHER, CLASS_1A, COURSE, NORTH]),
    "roster_save": lambda c: roster_save(c, SAVE),
    "roster_saves": roster_saves,
    "staff_entries": staff_entries,
    "student_entries": lambda c: student_entries(c, found_students(c)),
    "undo_changes": lambda c: undo_changes(c, SAVE),
}
"""By name, every function of `data.roster` that reads."""

WRITE: Final = {"apply", "open_batch"}
"""What of it writes, in a transaction of its own."""
