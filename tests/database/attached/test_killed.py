"""Killed anywhere, attaching goes on and detaching comes to its end, while the platform writes all the time."""

from functools import partial
from typing import Final

from data.database.attaching.detach import detach
from tests.database.attached.attaching import CATALOGUE, asked, attached, nobody_told
from tests.database.attached.dying import killed
from tests.database.attached.host import Host
from tests.database.attached.test_writers import ASTRAY, ROWS, STORED
from tests.database.attached.writer import writing

WHILE, AFTER = False, True

MAKING: Final = [
    ("create schema school", WHILE),
    ("insert into internal.attachment", AFTER),
    ("internal.refresh_roster()", WHILE),
    ("internal.refresh_roster()", AFTER),
    ("update internal.attachment set step", AFTER),
    ("create or replace trigger history_of_inserts", WHILE),
    ("create or replace trigger history_of_truncate", WHILE),
    ("create or replace trigger later_facts_of_inserts", AFTER),
    ("create or replace trigger zz_enforce_lock_of_updates", WHILE),
    ('create trigger "progress_roster_changed"', AFTER),
]
COUNTING: Final = [
    ("known_since = case", AFTER),
    ("internal.backfill_facts(50)", WHILE),
    ("internal.backfill_facts(50)", AFTER),
    ("internal.backfill_facts(", WHILE),
    ("insert into internal.stale_fact", AFTER),
    ("internal.cure_facts(", WHILE),
    ("update internal.attachment set step", AFTER),
]
READY: Final = [("internal.cure_facts(", WHILE)]
LEAVING: Final = [
    ("drop trigger", WHILE),
    ("drop trigger", AFTER),
    ('"later_facts_of_inserts"', WHILE),
    ("drop schema", WHILE),
    ("drop schema", AFTER),
    ("revoke all on database", AFTER),
    ("drop role", AFTER),
]
"""At which statements, and whether while the server runs it or after it, before it is committed."""


def test_killed_anywhere_it_goes_on_and_leaves_nothing(platform: Host) -> None:
    before = asked(platform, CATALOGUE)
    attach, leave = partial(attached, platform), partial(detach, platform.owner_url, nobody_told)
    assert len(MAKING + COUNTING + READY + LEAVING) > 20
    with writing(platform, ROWS) as written:
        for said, after in MAKING:
            killed(platform, attach, said, after=after)
        leave()
        assert asked(platform, CATALOGUE) == before, "Half of it goes as all of it does."
        for said, after in COUNTING:
            killed(platform, attach, said, after=after)
        attach().engine.dispose()
        for said, after in READY:
            asked(platform, "delete from dashboard.fact")
            killed(platform, attach, said, after=after)
        attach().engine.dispose()
        assert asked(platform, ASTRAY) == [(0,)]
        for said, after in LEAVING:
            killed(platform, leave, said, after=after)
        leave()
    assert written.failed == []
    assert written.lost(asked(platform, STORED)) == set()
    assert asked(platform, CATALOGUE) == before
