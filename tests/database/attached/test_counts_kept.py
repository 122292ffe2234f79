"""How students stand, what they completed when, and what is below the mark is kept for a platform too."""

import pytest

from data.access.session import acting_as
from data.reading.classes.news import LONGEST, GravestNews, news
from data.reading.classes.overview import ClassSummary, FailedModule, failed_most, overview
from data.reading.people import clock
from tests.database.attached.attaching import asked, attached
from tests.database.attached.host import MODULE, Host, id_of
from tests.database.attached.test_without_triggers import ONE, REFRESH, WRITTEN, admin

WRONG = "select internal.note_wrong_standings(), internal.note_wrong_sums(), internal.note_wrong_summaries()"
SUMMARIES = "select class_id, completed, by_rule from internal.class_summary order by 1"
KEPT = "select * from internal.class_day order by 1, 2"
SCORES = "select * from internal.class_score order by 1, 2"


@pytest.mark.parametrize("triggers", [True, False], ids=["triggers", "no triggers"])
def test_what_the_platform_writes_is_in_them(platform: Host, triggers: bool) -> None:
    database = attached(platform, triggers=triggers)

    def told() -> tuple[list[ClassSummary], list[FailedModule], GravestNews]:
        with acting_as(admin(database)) as connection:
            month_ago = clock(connection) - LONGEST
            return (
                overview(connection),
                failed_most(connection, 1, 99),
                news(connection, month_ago, 99),
            )

    before, kept, scores = told(), asked(platform, KEPT), asked(platform, SCORES)
    summaries = asked(platform, SUMMARIES)
    assert kept != [] != scores
    assert summaries != []
    asked(platform, WRITTEN[0], *ONE)
    completed = WRITTEN[0].replace("set ", "set completed_at = now(), ")
    asked(platform, completed, ONE[0], id_of(MODULE, 4))
    asked(platform, WRITTEN[1], id_of(MODULE, 3))
    asked(platform, WRITTEN[2], id_of(MODULE, 2))
    asked(platform, REFRESH)
    noted = told()
    assert noted[0] != before[0]
    assert noted[1] != before[1]
    assert noted[2] != before[2]
    assert asked(platform, WRONG) == [(0, 0, 0)]
    asked(platform, "select internal.settle(1000000)")
    assert told() == noted
    assert asked(platform, WRONG) == [(0, 0, 0)]
    assert asked(platform, KEPT) != kept
    assert asked(platform, SCORES) != scores
    assert asked(platform, SUMMARIES) != summaries
    database.engine.dispose()
