"""Three organisations with guests, staff who learn, who left, and who is in two classes or none."""

import random
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from psycopg.types.json import Jsonb

from tests.clusters import Scratch
from tests.database.attention.oracle import Class, School, Staff, Student

ORGANISATIONS: Final = [UUID(int=number) for number in (101, 102, 103)]
MODULES: Final = [UUID(int=200 + number) for number in range(20)]
NORTH, SOUTH, WEST = ORGANISATIONS

ADMIN, EVERYWHERE, INSPECTOR, CORA, SOL, VIEWER, TESS, OTTO, DORA, KAI, LEA, GONE = (
    UUID(int=300 + number) for number in range(12)
)
STRANGER: Final = UUID(int=399)
"""Nobody of this school."""

STAFF: Final = {
    ADMIN: Staff("admin", None),
    EVERYWHERE: Staff("coordinator", None),
    INSPECTOR: Staff("viewer", None),
    CORA: Staff("coordinator", NORTH),
    SOL: Staff("coordinator", SOUTH),
    VIEWER: Staff("viewer", WEST),
    TESS: Staff("teacher", NORTH),
    OTTO: Staff("teacher", SOUTH),
    DORA: Staff("coordinator", NORTH, is_active=False),
    KAI: Staff("coordinator", NORTH),
    LEA: Staff("teacher", SOUTH),
    GONE: Staff("teacher", WEST, is_active=False),
}
LEARNERS: Final = (KAI, LEA, GONE)
"""Staff who are students too; the last is not among the staff any more."""

EMPTY, BARE, SILENT, ALONE, STAFFROOM = (UUID(int=400 + number) for number in range(5))
"""Classes: without students; without modules; where nobody begins; of one student; of staff alone."""

NEVER_BEGIN: Final = range(5001, 5013)
"""The students of the silent class."""


def build(scratch: Scratch, students: int, seed: int) -> School:
    """Made up, and put into the database."""
    rng = random.Random(seed)
    school = School(staff=dict(STAFF))
    school.modules = {one: Decimal(rng.choice([60, 60, 50, 75])) for one in MODULES}
    for number in range(students):
        school.students[UUID(int=5001 + number)] = Student(
            SOUTH if number + 5001 in NEVER_BEGIN else rng.choice(ORGANISATIONS),
            rng.random() > 0.04 or number < len(NEVER_BEGIN),
        )
    for one in LEARNERS:
        school.students[one] = Student(STAFF[one].organisation or NORTH)
    _form_classes(school, rng, students)
    _load(scratch, school)
    return school


def _form_classes(school: School, rng: random.Random, students: int) -> None:
    numbers = range(500, 500 + max(8, students // 100))
    for number in numbers:
        school.classes[UUID(int=number)] = Class(
            ORGANISATIONS[number % 3], modules=rng.sample(MODULES, rng.randint(4, 14))
        )
    ordinary = list(school.classes)
    for one, student in school.students.items():
        if one.int in NEVER_BEGIN:
            continue
        at_home = [
            each for each in ordinary if school.classes[each].organisation == student.organisation
        ]
        how_many = rng.choices([0, 1, 2], [3, 90, 7])[0]
        chosen = rng.sample(at_home, min(how_many, len(at_home)))
        if rng.random() < 0.04:  # a guest
            chosen.append(rng.choice(ordinary))
        for each in chosen:
            school.classes[each].students.add(one)
    _form_odd_classes(school, ordinary)


def _form_odd_classes(school: School, ordinary: list[UUID]) -> None:
    classes = school.classes
    classes[EMPTY] = Class(NORTH, modules=MODULES[:5])
    classes[BARE] = Class(NORTH, students=set(classes[ordinary[1]].students))
    classes[SILENT] = Class(SOUTH, {UUID(int=one) for one in NEVER_BEGIN}, MODULES[5:15])
    classes[ALONE] = Class(WEST, {min(school.students)}, MODULES[:8])
    classes[STAFFROOM] = Class(NORTH, set(LEARNERS), MODULES[:6])
    for one in (ordinary[0], ordinary[1], STAFFROOM):
        classes[one].students.update(LEARNERS)
    for teacher, taught in {
        TESS: (ordinary[0], ordinary[1]),
        OTTO: (ordinary[2], SILENT),
        LEA: (ordinary[0], BARE, STAFFROOM),
        GONE: (ordinary[2],),
    }.items():
        for one in taught:
            classes[one].teachers.add(teacher)


def _load(scratch: Scratch, school: School) -> None:
    people = school.students.keys() | school.staff.keys()
    tables: dict[str, list[tuple[Any, ...]]] = {
        "auth.users (id)": [(one,) for one in people],
        "public.organisations (id, name)": [(one, f"School {one.int}") for one in ORGANISATIONS],
        "public.modules (id, type, name, configuration)": [
            (one, "course", f"Module {one.int}", Jsonb({"pass_threshold": int(mark)}))
            for one, mark in school.modules.items()
        ],
        "school.student (id, organisation_id, full_name, is_active)": [
            (one, student.organisation, f"Student {one.int}", student.is_active)
            for one, student in school.students.items()
        ],
        "school.staff (id, organisation_id, full_name, email, role, is_active)": [
            (one, staff.organisation, "Staff", f"{one}@example.org", staff.role, staff.is_active)
            for one, staff in school.staff.items()
        ],
        "school.class (id, organisation_id, name)": [
            (one, class_.organisation, f"Class {one.int}") for one, class_ in school.classes.items()
        ],
        "school.class_student (class_id, student_id)": [
            (one, each) for one, class_ in school.classes.items() for each in class_.students
        ],
        "school.class_module (class_id, module_id, position)": [
            (one, each, place)
            for one, class_ in school.classes.items()
            for place, each in enumerate(class_.modules)
        ],
        "school.class_teacher (class_id, staff_id)": [
            (one, each) for one, class_ in school.classes.items() for each in class_.teachers
        ],
    }
    with scratch.owner() as connection, connection.cursor() as cursor:
        cursor.execute("alter type public.progress_status add value 'Paused'")
        for target, rows in tables.items():
            places = ", ".join(["%s"] * len(rows[0]))
            cursor.executemany(f"insert into {target} values ({places})".encode(), rows)
