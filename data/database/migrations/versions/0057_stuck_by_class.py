"""Who is stuck is said by the figures of each class."""

from data.database.migrations import run

revision = "0057_stuck_by_class"
down_revision = "0056_news_by_time"


def upgrade() -> None:
    run("0057_stuck_by_class.sql")
