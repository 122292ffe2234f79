"""Who is in the demo, in which classes and modules."""

from data import demo
from tests.clusters import Scratch
from tests.database.demo.queries import ask


def test_it_has_the_promised_sizes(demo_database: Scratch) -> None:
    sizes = ask(
        demo_database,
        """
        select
            (select count(*) from public.organisations),
            (select count(*) between 1900 and 2100 from school.student),
            (select count(distinct email) = count(*) from school.student),
            (select count(*) from auth.users where id not in (select id from school.student))
        """,
    )
    assert sizes == [(2, True, True, 5)]


def test_six_classes_and_a_cohort(demo_database: Scratch) -> None:
    classes = ask(
        demo_database,
        """
        select
            class.id,
            (select count(*) from school.class_student where class_id = class.id),
            (select count(*) from school.class_module where class_id = class.id)
        from school.class
        """,
    )
    sizes = {found: (students, modules) for found, students, modules in classes}
    assert sizes.pop(demo.COHORT) == (500, 50)
    assert len(sizes) == 6
    assert all(24 <= students <= 34 and modules == 20 for students, modules in sizes.values())


def test_the_cast_has_its_roles_and_classes(demo_database: Scratch) -> None:
    staff = ask(
        demo_database,
        """
        select id, role, organisation_id, array(select class_id from school.class_teacher where staff_id = id)
        from school.staff
        """,
    )
    found = {person: (role, where, set(classes)) for person, role, where, classes in staff}
    firsts = {demo.CLASS_ONE, demo.CLASS_TWO, demo.CLASS_THREE}
    seconds = {demo.CLASS_FOUR, demo.CLASS_FIVE, demo.CLASS_SIX, demo.COHORT}
    assert found == {
        demo.TEACHER_ONE: ("teacher", demo.SCHOOL, firsts),
        demo.TEACHER_TWO: ("teacher", demo.INSTITUTE, seconds),
        demo.COORDINATOR_ONE: ("coordinator", demo.SCHOOL, set()),
        demo.COORDINATOR_TWO: ("coordinator", demo.INSTITUTE, set()),
        demo.ADMIN: ("admin", None, set()),
    }


def test_names_are_as_names_are(demo_database: Scratch) -> None:
    names = [name for (name,) in ask(demo_database, "select full_name from school.student")]
    everything = " ".join(names)
    for sign in "'-éøłİعה伟к":
        assert sign in everything, sign
    assert any(" " not in name and name.isascii() for name in names)
    assert max(map(len, names)) > 90
    twins = ask(
        demo_database,
        """
        select count(*)
        from school.class_student
        join school.student on student.id = student_id
        where class_id = %(class)s
        group by full_name
        having count(*) > 1
        """,
        **{"class": demo.CLASS_ONE},
    )
    assert twins == [(2,)]


def test_former_students_are_in_no_class_and_have_rows(demo_database: Scratch) -> None:
    question = """
        select
            count(distinct student.id),
            count(distinct student.id) filter (where not is_active),
            count(module_id)
        from school.student
        left join public.student_module_progress on student_id = student.id
        where student.id not in (select student_id from school.class_student)
    """
    ((students, inactive, rows),) = ask(demo_database, question)
    assert students > 1200
    assert students > inactive > 500
    assert rows > 3000


def test_a_student_and_a_module_belong_to_two_classes(demo_database: Scratch) -> None:
    shared = (
        "select count(*) from (select from school.{} group by {} having count(*) > 1) as shared"
    )
    assert ask(demo_database, shared.format("class_student", "student_id")) == [(4,)]
    assert ask(demo_database, shared.format("class_module", "module_id")) >= [(2,)]


def test_modules_are_written_in_every_way(demo_database: Scratch) -> None:
    spellings = {name for (name,) in ask(demo_database, "select distinct type from public.modules")}
    assert spellings >= {
        "Course",
        "course",
        "Assessment",
        "ASSESSMENT",
        "project",
        "expert session",
    }
    keys = ask(
        demo_database, "select distinct jsonb_object_keys(configuration) from public.modules"
    )
    assert {key for (key,) in keys} >= {
        "pass_threshold",
        "passThreshold",
        "passing_threshold",
        "passingThreshold",
    }
    question = """
        select count(*) filter (where lessons between 4 and 10), count(*)
        from (
            select (select count(*) from public.lessons where module_id = modules.id) as lessons
            from public.modules
            where lower(type) = 'course'
        ) as courses
    """
    ((fitting, courses),) = ask(demo_database, question)
    assert fitting == courses > 80
