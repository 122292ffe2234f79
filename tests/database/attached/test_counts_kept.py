"""How students stand and when they completed what is kept over a platform's tables too."""

from __future__ import annotations

import pytest

from data.access.session import acting_as
from data.reading.classes.overview import ClassSummary, overview
from tests.database.attached.attaching import asked, attached
from tests.database.attached.host import MODULE, Host, id_of
from tests.database.attached.test_without_triggers import ONE, REFRESH, WRITTEN, admin

WRONG = "select internal.note_wrong_standings(), internal.note_wrong_days()"
KEPT = "select * from internal.class_day order by 1, 2"


@pytest.mark.parametrize("triggers", [True, False], ids=["triggers", "no triggers"])
def test_what_the_platform_writes_is_in_them(platform: Host, triggers: bool) -> None:
    database = attached(platform, triggers=triggers)

    def told() -> list[ClassSummary]:
        with acting_as(admin(database)) as connection:
            return overview(connection)

    before, kept = told(), asked(platform, KEPT)
    assert kept != []
    asked(platform, WRITTEN[0], *ONE)
    asked(platform, WRITTEN[2], id_of(MODULE, 2))
    asked(platform, REFRESH)
    noted = told()
    assert noted != before
    assert asked(platform, WRONG) == [(0, 0)]
    asked(platform, "select internal.settle(1000000)")
    assert told() == noted
    assert asked(platform, WRONG) == [(0, 0)]
    assert asked(platform, KEPT) != kept
    database.engine.dispose()
