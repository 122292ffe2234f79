"""Roles of staff, to choose what is shown. Courtesy: who may see and write is the database's to say."""

from typing import Final

STAFF: Final = ("viewer", "teacher", "coordinator", "admin")
EDITORS: Final = ("coordinator", "admin")
