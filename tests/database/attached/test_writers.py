"""The platform goes on writing, as a process of its own, while it is attached, read, migrated and detached.

No lock is waited for longer than the writer says: the database decides that, and no clock of the test's.
"""

import psycopg
from sqlalchemy import text

from data.access.session import acting_as_nobody
from data.database.attaching.checkup import examined
from data.database.attaching.detach import detach
from data.database.migrate import migrate
from tests.database.attached.attaching import CATALOGUE, asked, attached, nobody_told
from tests.database.attached.host import MODULE, STUDENT, Host, id_of, upsert_as_student
from tests.database.attached.test_steps import FACTS, OF_NO_FACT
from tests.database.attached.writer import writing

ROWS = (range(1, 61), range(1, 6))
ASTRAY = "select count(*) from internal.astray_fact"
STORED = "select student_id, module_id, progress_percentage from public.student_module_progress"


def test_a_writer_waits_for_nothing_of_it_and_loses_nothing(platform: Host) -> None:
    before = asked(platform, CATALOGUE)
    with writing(platform, ROWS) as written:
        attached(platform).engine.dispose()
        assert asked(platform, ASTRAY) == [(0,)]
        assert asked(platform, "select internal.refresh_roster()") == [(True,)]
        attached(platform).engine.dispose()
        # As an upgrade whose every file says otherwise than before, and some policies too.
        asked(platform, "update dashboard_migrations.in_force set digest = ''")
        asked(platform, "alter policy people_see_their_students on dashboard.fact using (false)")
        asked(platform, "drop policy people_see_their_students on dashboard.history")
        migrate(platform.owner_url, platform.app_url)
        asked(platform, "select internal.cure_facts(1000)")
        assert asked(platform, ASTRAY) == [(0,)]
        detach(platform.owner_url, nobody_told)
    assert written.failed == []
    assert written.waits
    assert written.lost(asked(platform, STORED)) == set()
    assert asked(platform, CATALOGUE) == before


def test_facts_that_an_error_left_behind_are_made_again(platform: Host) -> None:
    """The platform's writes go on, whatever is wrong here; their rows are remembered, and counted again."""
    database = attached(platform)
    asked(platform, "alter table dashboard.fact rename to mislaid")
    with psycopg.connect(platform.platform_url, autocommit=True) as writer:
        upsert_as_student(writer, id_of(STUDENT, 7), id_of(MODULE, 1), "InProgress", 12)
        upsert_as_student(writer, id_of(STUDENT, 7), id_of(MODULE, 1), "Completed", 34)
    asked(
        platform,
        "delete from public.student_module_progress where student_id = %s",
        id_of(STUDENT, 8),
    )
    asked(platform, "alter table dashboard.mislaid rename to fact")
    assert asked(platform, OF_NO_FACT) > [(1,)]
    with platform.otherwise() as connection:
        (told,) = (one.sentence for one in examined(connection) if one.code == "facts")
    assert "to be counted again, after an error: 0" not in told
    with acting_as_nobody(database) as connection:
        connection.execute(text("select dashboard.refresh_roster()"))
    database.engine.dispose()
    assert asked(platform, OF_NO_FACT) == [(0,)]
    assert asked(platform, "select count(*) from internal.stale_fact") == [(0,)]
    cured = asked(platform, FACTS)
    asked(platform, "update public.student_module_progress set score = score")
    assert asked(platform, FACTS) == cured
