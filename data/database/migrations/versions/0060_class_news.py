"""What is new in classes is kept."""

from data.database.migrations import run

revision = "0060_class_news"
down_revision = "0059_class_summaries"


def upgrade() -> None:
    run("0060_class_news.sql")
