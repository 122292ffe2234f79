"""Who keeps the catalogue of modules, what other systems mean by their ids, and the roster's history."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from tests.people import ANN, COURSE, DAN, LESSONS, NORTH, SOUTH, UNUSED
from tests.rls.facts import HOME, Identity, is_everywhere, is_manager
from tests.rls.oracle_roster import BOTH, keeps, told
from tests.rls.rules import Relation, Row, opens_batch
from tests.rls.spare_roster import (
    LESSON,
    OWN_MODULE,
    RETIRED,
    RETIRED_UNUSED,
    ROSTER_AUTHORS,
    WORKED_IN,
    roster_batch_of,
)

HAVE_IT: Final = {
    **{one: {home} for some in (OWN_MODULE, RETIRED) for home, one in some.items()},
    **{one: set() for one in (UNUSED, WORKED_IN, RETIRED_UNUSED)},
    COURSE: {NORTH, SOUTH},
}
"""Which organisations' classes have a module."""


def keeps_module(who: Identity, row: Row) -> bool:
    """Everybody's, but changed only where no other organisation's class has it, or worked in it."""
    return is_manager(who) and _is_theirs(who, row.module)


def adds_target(who: Identity, row: Row) -> bool:
    return is_manager(who) and _is_theirs(who, row.target)


def _is_theirs(who: Identity, module: UUID | None) -> bool:
    assert who.person
    assert module
    if is_everywhere(who):
        return True
    return HAVE_IT[module] <= {HOME.get(who.person)} and module != WORKED_IN


def keeps_catalogue(who: Identity, row: Row) -> bool:
    return is_manager(who)


def sees_change(who: Identity, row: Row) -> bool:
    return is_manager(who) if row.module else keeps(who, row)


def sees_roster_batch(who: Identity, row: Row) -> bool:
    return opens_batch(who, row) or keeps(who, row)


CATALOGUE: Final[Mapping[str, Relation]] = {
    "public.modules": Relation(
        "modules, as they are kept, with their configuration (changed where only one's own classes have them)",
        tuple(
            Row(
                f"id = '{one}'",
                module=one,
                organisation=next(iter(homes)) if len(homes) == 1 else None,
            )
            for one, homes in HAVE_IT.items()
            if one not in RETIRED.values() and one != RETIRED_UNUSED
        ),
        sees=keeps_catalogue,
        adds=keeps_catalogue,
        changes=keeps_module,
        removes=keeps_module,
        adding=lambda who, row: (
            "insert into public.modules (id, type, name) values (gen_random_uuid(), 'course', 'New')"
        ),
        changing=lambda who, row: "update public.modules set name = 'Another'",
        removing=True,
        is_in_use=lambda row: row.module != UNUSED,
        unsigned_change_fails=True,
    ),
    "public.lessons": Relation(
        "lessons, as they are kept (as their modules are)",
        (
            Row(f"id = '{LESSONS[0]}'", module=COURSE),
            *(
                Row(f"id = '{LESSON[one]}'", module=one, organisation=home)
                for home, one in OWN_MODULE.items()
            ),
            Row(f"id = '{LESSON[WORKED_IN]}'", module=WORKED_IN),
        ),
        sees=keeps_module,
        adds=keeps_module,
        changes=keeps_module,
        removes=keeps_module,
        adding=lambda who, row: (
            "insert into public.lessons (id, module_id, title) "
            f"values (gen_random_uuid(), '{row.module}', 'New')"
        ),
        changing=lambda who, row: "update public.lessons set title = 'Another'",
        removing=True,
        is_in_use=lambda row: row.module in (COURSE, WORKED_IN),
        unsigned_change_fails=True,
    ),
    "school.retired_module": Relation(
        "modules that no class is to be given any more",
        (
            *(
                Row(
                    f"module_id = '{RETIRED[one]}'",
                    module=RETIRED[one],
                    organisation=one,
                    target=OWN_MODULE[one],
                )
                for one in BOTH
            ),
            Row(f"module_id = '{RETIRED_UNUSED}'", module=RETIRED_UNUSED, target=COURSE),
        ),
        sees=keeps_module,
        adds=adds_target,
        removes=keeps_module,
        adding=lambda who, row: (
            f"insert into school.retired_module (module_id) values ('{row.target}')"
        ),
        removing=True,
        unsigned_change_fails=True,
    ),
    "school.source_id": Relation(
        "whom another system means by its ids",
        tuple(
            Row(f"organisation_id = '{one}'", organisation=one, target=student)
            for one, student in ((NORTH, ANN), (SOUTH, DAN))
        ),
        sees=keeps,
        adds=keeps,
        changes=keeps,
        removes=keeps,
        adding=lambda who, row: (
            "insert into school.source_id (organisation_id, source, kind, source_id, our_id) "
            f"values ({told(row.organisation)}, 'office', 'student', 'new', '{row.target}')"
        ),
        changing=lambda who, row: f"update school.source_id set our_id = '{row.target}'",
        removing=True,
        unsigned_change_fails=True,
    ),
    "school.roster_lock": Relation(
        "what a file of another system leaves as it is",
        tuple(
            Row(f"organisation_id = '{one}'", organisation=one, target=student)
            for one, student in ((NORTH, ANN), (SOUTH, DAN))
        ),
        sees=keeps,
        adds=keeps,
        removes=keeps,
        adding=lambda who, row: (
            "insert into school.roster_lock (organisation_id, kind, locked_id, field) "
            f"values ({told(row.organisation)}, 'student', '{row.target}', 'email')"
        ),
        removing=True,
        unsigned_change_fails=True,
    ),
    "dashboard.roster_change": Relation(
        "what happened to the roster: by whom, when, from what to what",
        (
            *(
                Row(f"id = {-number}", organisation=home)
                for number, home in enumerate(ROSTER_AUTHORS.values(), 1)
            ),
            Row("id = -9", module=COURSE),
        ),
        sees=sees_change,
    ),
    "dashboard.roster_batch": Relation(
        "what of the roster was saved together, and why",
        tuple(
            Row(f"id = '{roster_batch_of(person)}'", organisation=home, person=person)
            for person, home in ROSTER_AUTHORS.items()
        ),
        sees=sees_roster_batch,
        adds=opens_batch,
        adding=lambda who, row: (
            "insert into dashboard.roster_batch (id, author_id, source, digest) "
            f"values (gen_random_uuid(), '{row.person}', 'form', repeat('0', 64))"
        ),
    ),
}
"""The tables of modules and of what came from elsewhere, and what is recorded of all of it."""
