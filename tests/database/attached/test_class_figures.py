"""Over a platform's tables too the class says who is stuck, on each page the same."""

import pytest
from psycopg.types.json import Jsonb
from sqlalchemy import text

from data.access.session import acting_as
from data.reading.attention_rules.chosen import attention_rules
from data.reading.classes.page import class_page
from data.reading.modules.page import module_page
from data.reading.students.page import student_page
from data.writing.attention_rules.figures import choose_figures
from tests.database.attached.attaching import asked, attached
from tests.database.attached.host import Host
from tests.database.attached.test_without_triggers import ONE, REFRESH, THERE, admin

QUIZ = {"attempts": 4, "passed": False}
TRIED = """
update public.student_module_progress
set progress_details = %s, status = 'InProgress', last_updated = now()
where student_id = %s and module_id = %s
"""


@pytest.mark.parametrize("triggers", [True, False], ids=["triggers", "no triggers"])
@pytest.mark.parametrize(("after", "is_stuck"), [(4, True), (5, False), (None, False)])
def test_the_class_says_who_is_stuck(
    platform: Host, triggers: bool, after: int | None, is_stuck: bool
) -> None:
    asked(platform, THERE, *ONE)
    database = attached(platform, triggers=triggers)
    actor = admin(database)
    details = Jsonb({"lesson_quiz_results": {str(ONE[1]): QUIZ}})
    asked(platform, TRIED, details, *ONE)
    asked(platform, REFRESH)
    with acting_as(actor) as connection:
        found = text("""
            select class.id, class.organisation_id
            from roster.class
            join roster.class_student on class_student.class_id = class.id
            join roster.class_module on class_module.class_id = class.id
            where class_student.student_id = :student and class_module.module_id = :module
        """)
        classes = connection.execute(found, {"student": ONE[0], "module": ONE[1]}).all()
        assert classes
        newest = attention_rules(connection, classes[0].organisation_id).choice.newest
    chosen = {"stuck": 0} if after is None else {"stuck_attempts": after}
    assert choose_figures(actor, classes[0].organisation_id, None, chosen, dict(newest)) is None
    asked_for = {"class": classes[0].id}
    with acting_as(actor) as connection:
        module, matrix = (
            module_page(connection, ONE[1], asked_for),
            class_page(connection, asked_for),
        )
        student = student_page(connection, ONE[0])
    assert module
    assert matrix.matrix
    assert student
    row = next(one for one in matrix.matrix.students if one.id == ONE[0])
    assert {
        bool(module.stuck.get(ONE[0])),
        "s" in row.cells,
        "stuck" in {flag.rule for flag in row.flags},
        "stuck" in {flag.rule for flag in student.flagged.flags},
        any(one.is_stuck for one in student.modules if one.module.id == ONE[1]),
    } == {is_stuck}
    database.engine.dispose()
