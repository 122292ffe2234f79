"""The history, student by student in the order of time."""

from data.database.migrations import run

revision = "0046_history_student"
down_revision = "0045_doubts"


def upgrade() -> None:
    run("0046_history_student.sql")
