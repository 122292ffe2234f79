"""Today: who comes first, why, and how much of it is said."""

from typing import Any

from data import demo
from data.reading.attention import NAMED
from tests.views.conftest import Open, Owner
from tests.views.test_institution import drawn

SLIP = """
update public.student_module_progress set status = 'InProgress', completed_at = null
where status = 'Completed' and student_id = (
    select student_id
    from public.student_module_progress
    join school.class_student using (student_id)
    where class_id = %s and status = 'Completed'
    group by student_id
    order by count(*) desc, student_id
    limit 1
)
returning student_id::text, module_id
"""
LOST = """
select count(*) from dashboard.fact where student_id = %s and slipped_at is not null
"""
COMPLETE = """
update public.student_module_progress set status = 'Completed', completed_at = last_updated
where student_id = %s and module_id = any (%s)
"""


def test_of_a_student_who_lost_many_modules_the_first_are_named_and_the_rest_counted(
    open_page: Open, owner: Owner
) -> None:
    slipped: Any = owner.execute(SLIP, (demo.CLASS_ONE,)).fetchall()
    student = slipped[0][0]
    try:
        rows = drawn(open_page(demo.TEACHER_ONE, today="all"), "today")[2]
        (why,) = [row[2] for row in rows if student in str(row[0])]
        _, ways, rest, *_ = why
        lost: Any = owner.execute(LOST, (student,)).fetchall()[0][0]
        assert lost >= len(slipped) > NAMED
        assert len(ways) == NAMED
        assert f"Also {lost - NAMED} more like this" in rest
    finally:
        owner.execute(COMPLETE, (student, [module for _, module in slipped]))
