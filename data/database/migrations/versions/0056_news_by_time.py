"""What is new is found by time where it is many students'."""

from data.database.migrations import run

revision = "0056_news_by_time"
down_revision = "0055_class_sums"


def upgrade() -> None:
    run("0056_news_by_time.sql")
