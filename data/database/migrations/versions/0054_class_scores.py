"""How many students of a class are below a module's pass mark is kept."""

from data.database.migrations import run

revision = "0054_class_scores"
down_revision = "0053_new_figures"


def upgrade() -> None:
    run("0054_class_scores.sql")
