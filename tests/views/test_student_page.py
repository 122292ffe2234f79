"""The student page: its head, its sections, and whatever JSON the details hold."""

from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from psycopg.types.json import Jsonb

from data import demo
from tests.profiles import examples
from tests.unit.stored_details import JSON
from tests.views.conftest import Open, mounted, words

Owner = psycopg.Connection[tuple[Any, ...]]

SECTIONS = ("modules", "time", "compared", "timeline")
ROLES = (demo.TEACHER_ONE, demo.COORDINATOR_ONE, demo.ADMIN)


@pytest.fixture
def stuck(owner: Owner) -> tuple[str, str]:
    """A student and a course in which they are stuck."""
    row = owner.execute(
        "select student_id, module_id from dashboard.fact join school.class_student using (student_id) "
        "where class_id = %s and attempts >= 3 order by 1, 2 limit 1",
        (demo.CLASS_ONE,),
    ).fetchone()
    assert row is not None
    return str(row[0]), str(row[1])


@pytest.mark.parametrize("show", SECTIONS)
@pytest.mark.parametrize("person", ROLES)
def test_every_section_draws_for_every_role(
    open_page: Open, stuck: tuple[str, str], person: Any, show: str
) -> None:
    test = open_page(person, "student", student=stuck[0], show=show)
    assert not test.exception
    assert "the median of" in mounted(test)
    assert "A lesson's quiz was tried" in mounted(test).replace("\\'", "'")


def test_only_the_section_that_is_open_is_drawn(open_page: Open, stuck: tuple[str, str]) -> None:
    first = open_page(demo.TEACHER_ONE, "student", student=stuck[0], show="nonsense")
    assert "student_modules" in mounted(first)
    timeline = open_page(demo.TEACHER_ONE, "student", student=stuck[0], show="timeline")
    assert "student_modules" not in mounted(timeline)
    assert 'class="timeline"' in words(timeline)


def test_a_module_is_unfolded_where_the_url_asks_for_it_and_no_other(
    open_page: Open, stuck: tuple[str, str]
) -> None:
    closed = mounted(open_page(demo.TEACHER_ONE, "student", student=stuck[0]))
    opened = mounted(open_page(demo.TEACHER_ONE, "student", student=stuck[0], module=stuck[1]))
    assert "lessons done" not in closed
    assert opened.count("lessons done") == 1


def test_a_student_without_a_class_or_a_row_has_a_page(open_page: Open, owner: Owner) -> None:
    row = owner.execute(
        """
        select id
        from school.student
        where organisation_id = (select organisation_id from school.class where id = %s)
        limit 1
        """,
        (demo.CLASS_ONE,),
    ).fetchone()
    assert row is not None
    student = row[0]
    classes = owner.execute(
        "delete from school.class_student where student_id = %s returning class_id", (student,)
    ).fetchall()
    try:
        for show in SECTIONS:
            test = open_page(demo.COORDINATOR_ONE, "student", student=student, show=show)
            assert not test.exception
            assert "in no class now" in mounted(test)
    finally:
        for (class_id,) in classes:
            owner.execute("insert into school.class_student values (%s, %s)", (class_id, student))


def test_the_page_stands_whatever_json_the_details_hold(
    open_page: Open, owner: Owner, stuck: tuple[str, str]
) -> None:
    test = open_page(demo.TEACHER_ONE, "student", student=stuck[0], module=stuck[1])
    before = owner.execute(
        "select progress_details from public.student_module_progress "
        "where student_id = %s and module_id = %s",
        stuck,
    ).fetchone()
    assert before is not None

    def put(details: object) -> None:
        owner.execute(
            "update public.student_module_progress set progress_details = %s "
            "where student_id = %s and module_id = %s",
            (Jsonb(details), *stuck),
        )

    @settings(examples(25), suppress_health_check=list(HealthCheck))
    @given(JSON)
    def stands(details: object) -> None:
        try:
            put(details)
        except (psycopg.DataError, UnicodeEncodeError):
            return  # what PostgreSQL does not take, no row can hold
        test.run()
        assert not test.exception
        assert "completed (" in mounted(test)

    try:
        stands()
    finally:
        put(before[0])
