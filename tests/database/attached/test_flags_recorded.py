"""Whether students move is recorded over a platform's tables too."""

import pytest
from sqlalchemy import text

from data.access.session import acting_as_nobody
from tests.database.attached.attaching import asked, attached
from tests.database.attached.host import Host
from tests.database.attached.test_without_triggers import (
    ONE,
    REFRESH,
    STARTED,
    THERE,
    admin,
    edited,
)

FLAGGED = """
insert into internal.flag_record (class_id, student_id, rule, raised_at)
select class_id, student_id, 'x', now() - interval '1 day'
from school.class_student
join school.class_module using (class_id)
where student_id = %s and module_id = %s
returning 1
"""
WRITTEN = """
update public.student_module_progress
set status = 'InProgress', progress_percentage = 40, last_updated = now()
where student_id = %s and module_id = %s
returning 1
"""
LATER = "update internal.flags_recorded set recorded_at = now() - interval '2 hours' returning 1"


@pytest.mark.parametrize("triggers", [True, False], ids=["triggers", "no triggers"])
@pytest.mark.parametrize("by_staff", [False, True], ids=["platform", "staff"])
def test_over_a_platforms_tables_students_move_by_what_the_platform_writes(
    platform: Host, triggers: bool, by_staff: bool
) -> None:
    asked(platform, THERE, *ONE)
    database = attached(platform, triggers=triggers)
    asked(platform, "select internal.record_flags('0')")
    assert asked(platform, FLAGGED, *ONE)
    if by_staff:
        assert edited(platform, admin(database), ONE, STARTED).saved
    else:
        assert asked(platform, WRITTEN, *ONE)
    asked(platform, REFRESH)
    assert asked(platform, LATER)
    with acting_as_nobody(database) as connection:
        assert connection.scalar(text("select dashboard.record_flags()"))
    moved = asked(
        platform, "select moved_at is not null from internal.flag_record where rule = 'x'"
    )
    assert set(moved) == {(not by_staff,)}
    database.engine.dispose()
