"""Roles of staff, to choose what is shown. Courtesy: who may see and write is the database's to say."""

from typing import Final

STAFF: Final = ("viewer", "teacher", "coordinator", "admin")
WRITERS: Final = ("teacher", "coordinator", "admin")
"""Who leaves anything that colleagues see: notes, and views that are shared."""

EDITORS: Final = ("coordinator", "admin")
