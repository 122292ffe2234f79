"""What is new in classes, and up to where each of the staff has read it."""

from data.database.migrations import run

revision = "0044_news"
down_revision = "0043_class_days"


def upgrade() -> None:
    run("0044_news.sql")
