"""For whom what is drawn and taken. Courtesy: who may see and write is the database's to say."""

from typing import Final

STAFF: Final = ("teacher", "coordinator", "admin")
EDITORS: Final = ("coordinator", "admin")
