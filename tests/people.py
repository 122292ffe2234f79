"""The permanent cast: two organisations, three classes, everybody who could ask. Read it before a test."""

from typing import Final
from uuid import UUID

import psycopg

from data.access.session import Actor, Database


def _id(number: int) -> UUID:
    return UUID(f"00000000-0000-4000-8000-{number:012d}")


NORTH, SOUTH = _id(1), _id(2)
"""Two organisations."""

CLASS_1A, CLASS_1B, CLASS_SOUTH = _id(11), _id(12), _id(13)
COURSE, ASSESSMENT, PROJECT, UNUSED = _id(21), _id(22), _id(23), _id(24)
"""Three modules every class has, and one that no class has."""

ANN, BEN, CLEO, DAN = _id(31), _id(32), _id(33), _id(34)
"""Students: Ann and Ben in 1A, Cleo in 1B, Dan in the South."""

TEACHER, OTHER_TEACHER = _id(41), _id(42)
COORDINATOR, SOUTH_COORDINATOR, DISABLED, ADMIN = _id(43), _id(44), _id(45), _id(46)
"""Staff: one teaches 1A, the other 1B; DISABLED was a coordinator of the North; ADMIN is nowhere at home."""

VIEWER, EVERYWHERE, INSPECTOR = _id(47), _id(48), _id(49)
"""A viewer of the North; a coordinator of all organisations, and a viewer of all."""

STRANGER: Final = _id(99)
"""Signed in, and nobody the school knows."""

LESSONS: Final = (_id(51), _id(52))

ROLES: Final = {
    TEACHER: "teacher",
    OTHER_TEACHER: "teacher",
    COORDINATOR: "coordinator",
    SOUTH_COORDINATOR: "coordinator",
    DISABLED: "coordinator",
    ADMIN: "admin",
    VIEWER: "viewer",
    EVERYWHERE: "coordinator",
    INSPECTOR: "viewer",
}


def actor(database: Database, person: UUID) -> Actor:
    """This person, as the app would act."""
    return Actor(person, "", ROLES.get(person, "student"), database=database)


def load(owner_url: str) -> None:
    """Put the cast into a migrated, empty database."""
    load_of_0026(owner_url)
    with psycopg.connect(owner_url) as connection:
        _many(connection, "auth.users (id)", [(VIEWER,), (EVERYWHERE,), (INSPECTOR,)])
        _many(
            connection,
            "school.staff (id, organisation_id, full_name, email, role)",
            [
                (VIEWER, NORTH, "Vera Viewer", "vera@example.org", "viewer"),
                (EVERYWHERE, None, "Eva Everywhere", "eva@example.org", "coordinator"),
                (INSPECTOR, None, "Ines Inspector", "ines@example.org", "viewer"),
            ],
        )


def load_of_0026(owner_url: str) -> None:
    """Whoever an older release knows too."""
    with psycopg.connect(owner_url) as connection:
        everybody = [
            ANN,
            BEN,
            CLEO,
            DAN,
            *(one for one in ROLES if one not in (VIEWER, EVERYWHERE, INSPECTOR)),
        ]
        _many(connection, "auth.users (id)", [(one,) for one in everybody])
        _many(
            connection,
            "public.organisations (id, name)",
            [(NORTH, "North School"), (SOUTH, "South School")],
        )
        _many(
            connection,
            "public.modules (id, type, name, sequence, configuration)",
            [
                (COURSE, "Course", "Fractions", 1, None),
                (ASSESSMENT, "ASSESSMENT", "Fractions test", 2, '{"passThreshold": "70"}'),
                (PROJECT, "project", "A garden", 3, None),
                (UNUSED, "Course", "Old course", 4, None),
            ],
        )
        _many(
            connection,
            "public.lessons (id, module_id, title, sequence, has_quiz)",
            [(LESSONS[0], COURSE, "Halves", 1, True), (LESSONS[1], COURSE, "Thirds", 2, False)],
        )
        _many(
            connection,
            "school.student (id, organisation_id, full_name, email)",
            [
                (ANN, NORTH, "Ann Ågren", "ann@example.org"),
                (BEN, NORTH, "Ben O'Neill", "ben@example.org"),
                (CLEO, NORTH, "Cleo Zhang", "cleo@example.org"),
                (DAN, SOUTH, "Dan Süd", "dan@example.org"),
            ],
        )
        _many(
            connection,
            "school.staff (id, organisation_id, full_name, email, role, is_active)",
            [
                (TEACHER, NORTH, "Tess Teacher", "tess@example.org", "teacher", True),
                (OTHER_TEACHER, NORTH, "Otto Teacher", "otto@example.org", "teacher", True),
                (COORDINATOR, NORTH, "Cora Coordinator", "cora@example.org", "coordinator", True),
                (SOUTH_COORDINATOR, SOUTH, "Sol South", "sol@example.org", "coordinator", True),
                (DISABLED, NORTH, "Dora Disabled", "dora@example.org", "coordinator", False),
                (ADMIN, None, "Ada Admin", "ada@example.org", "admin", True),
            ],
        )
        _many(
            connection,
            "school.class (id, organisation_id, name)",
            [(CLASS_1A, NORTH, "1A"), (CLASS_1B, NORTH, "1B"), (CLASS_SOUTH, SOUTH, "South 1")],
        )
        _many(
            connection,
            "school.class_student (class_id, student_id)",
            [(CLASS_1A, ANN), (CLASS_1A, BEN), (CLASS_1B, CLEO), (CLASS_SOUTH, DAN)],
        )
        _many(
            connection,
            "school.class_module (class_id, module_id, position)",
            [
                (one, module, position)
                for one in (CLASS_1A, CLASS_1B, CLASS_SOUTH)
                for position, module in enumerate((COURSE, ASSESSMENT, PROJECT), 1)
            ],
        )
        _many(
            connection,
            "school.class_teacher (class_id, staff_id)",
            [(CLASS_1A, TEACHER), (CLASS_1B, OTHER_TEACHER)],
        )
        _many(
            connection,
            "public.student_module_progress (student_id, module_id, status, score, "
            "progress_percentage, completed_at, progress_details)",
            [
                (ANN, COURSE, "InProgress", None, 40, None, '{"last_viewed_lesson_sequence": 1}'),
                (ANN, ASSESSMENT, "Completed", 55, 55, "2026-03-01T10:00:00Z", None),
                (BEN, COURSE, "Completed", None, 100, "2026-03-02T10:00:00Z", None),
                (CLEO, COURSE, "InProgress", None, 10, None, None),
                (DAN, COURSE, "InProgress", None, 20, None, None),
            ],
        )


def _many(
    connection: psycopg.Connection[tuple[object, ...]], target: str, rows: list[tuple[object, ...]]
) -> None:
    places = ", ".join(["%s"] * len(rows[0]))
    with connection.cursor() as cursor:
        cursor.executemany(f"insert into {target} values ({places})".encode(), rows)
