"""Who may do what, told in plain Python from facts about people alone: no SQL, nothing asked of the database.

A table or view of ours that has no row in RELATIONS fails tests/rls/test_matrix.py. To add one: say what it
means, which rows stand for it (what finds each, and whose it is), and who sees, adds, changes and removes them.
"""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from tests import people
from tests.people import (
    ADMIN,
    ANN,
    BEN,
    CLASS_1A,
    CLASS_1B,
    CLEO,
    COORDINATOR,
    COURSE,
    DAN,
    DISABLED,
    EVERYWHERE,
    INSPECTOR,
    NORTH,
    OTHER_TEACHER,
    SOUTH,
    SOUTH_COORDINATOR,
    TEACHER,
    VIEWER,
)
from tests.rls.facts import HOME, PUPILS, at_home, is_everywhere, is_staff, staffs
from tests.rls.oracle_attention import ATTENTION
from tests.rls.oracle_catalogue import CATALOGUE
from tests.rls.oracle_protection import PROTECTION
from tests.rls.oracle_roster import ROSTER
from tests.rls.rules import (
    Relation,
    Row,
    adds_own_view,
    is_in_charge,
    is_in_class,
    known,
    me,
    notes_student,
    of_class,
    of_student,
    opens_batch,
    own,
    own_or_shared,
    plans_class,
    sees_batch,
    sees_staff,
    sees_student,
    staff_sees_student,
    staffs_class,
    writes_own,
)


def batch_of(person: UUID) -> UUID:
    """The id of the batch that this member of the staff saved."""
    return UUID(int=person.int + 1000)


BATCHES: Final = {
    COORDINATOR: ANN,
    ADMIN: CLEO,
    SOUTH_COORDINATOR: DAN,
    EVERYWHERE: DAN,
    DISABLED: BEN,
}
"""Who saved a batch, and about whom."""

DRAFTS: Final = {TEACHER: CLASS_1B} | dict.fromkeys(
    (
        *(OTHER_TEACHER, COORDINATOR, SOUTH_COORDINATOR, EVERYWHERE),
        *(ADMIN, VIEWER, INSPECTOR, DISABLED, ANN),
    ),
    CLASS_1A,
)
"""Who set edits aside, and of which class."""

VIEWS: Final = {
    **dict.fromkeys((TEACHER, ADMIN, VIEWER, INSPECTOR, ANN)),
    **dict.fromkeys((COORDINATOR, DISABLED), NORTH),
    SOUTH_COORDINATOR: SOUTH,
}
"""Who saved a view, and with whom it is shared."""

PROGRESS: Final = "public.student_module_progress"
EDITABLE: Final = "dashboard.editable_progress"
PROGRESS_ROW: Final = f"student_id = '{{}}' and module_id = '{COURSE}'"

UNREACHABLE: Final = {
    "auth.users": "the platform's accounts",
    "school.organisation": "all organisations",
    "school.module": "all modules",
    "school.lesson": "all lessons",
    "internal.checked_row": "everybody's rows as the data check judges them",
    "internal.completion": "when everybody's modules were completed",
    "dashboard_migrations.in_force": "which files of the schema were put in force",
    "internal.demo_marker": "that the demo may be opened without a password",
    "internal.claims_key": "the keys that signatures are checked with",
    "dashboard.disclosure": "who looked at or exported whose data",
    "internal.erasing": "that a student is just being erased",
    "internal.dropped_month": "which months of the history are in an archive",
    "internal.dropped_trace": "whom an archive of the history is about",
    "internal.worked_week": "in which weeks each student worked on which module",
    "internal.standing": "how each student of a class stands",
    "internal.unsettled": "whose standings are to be counted again",
    "internal.class_day": "what was completed in each class, day by day",
    "internal.class_score": "how many of each class passed and failed a module",
    "internal.student_part": "what each student of a class completed when, passed and failed",
    "internal.class_summary": "what the overview says of each class, and whom the rules flag in it",
    "internal.class_news": "what is new in each class, of whom, and who of the staff changed it",
    "internal.digest_reader": "who gets the digest by mail, and when they last did",
    "internal.news_read": "when each of the staff last read the news",
    "internal.doubt": "how many rows of each student break a rule",
    "internal.flag_record": "when each flag was first seen, and when it was gone",
    "internal.flags_recorded": "since when flags are recorded",
    "internal.app_login": "the logins that speak for the app",
    "dashboard.identity": "whose account at a sign-in service is whose",
    "dashboard.staff_session": "who is signed in, and until when",
    "dashboard.sessions_valid_after": "who signed out everywhere, and when",
}
"""What nobody reaches but the owner of the tables."""


def written_progress(means: str, name: str) -> Relation:
    """The progress table, or the view by which it is written."""
    return Relation(
        means,
        of_student(PROGRESS_ROW),
        sees=sees_student,
        adds=is_in_charge,
        changes=is_in_charge,
        adding=lambda who, row: (
            f"insert into {name} (student_id, module_id, status) "
            f"values ('{row.student}', '{people.UNUSED}', 'InProgress')"
        ),
        changing=lambda who, row: f"update {name} set score = 1",
        unsigned_change_fails=True,
    )


RELATIONS: Final[Mapping[str, Relation]] = {
    **{name: Relation(means, asked=()) for name, means in UNREACHABLE.items()},
    **ROSTER,
    **ATTENTION,
    **CATALOGUE,
    **PROTECTION,
    PROGRESS: written_progress("progress, a row a student and module", PROGRESS),
    EDITABLE: written_progress("progress, as it is corrected", EDITABLE),
    "dashboard.progress": Relation(
        "progress, as pages read it", of_student(PROGRESS_ROW), sees=sees_student
    ),
    "dashboard.fact": Relation("what pages draw of progress", of_student(), sees=sees_student),
    "dashboard.history": Relation(
        "that something changed, by whom and when", of_student(), sees=sees_student
    ),
    "dashboard.change": Relation(
        "the history with what stood before and after", of_student(), sees=sees_student
    ),
    "dashboard.batch": Relation(
        "what was saved together, and why",
        tuple(
            Row(f"id = '{batch_of(person)}'", student=student, person=person)
            for person, student in BATCHES.items()
        ),
        sees=sees_batch,
        adds=opens_batch,
        adding=lambda who, row: (
            "insert into dashboard.batch (id, author_id, source) "
            f"values (gen_random_uuid(), '{row.person}', 'form')"
        ),
    ),
    "dashboard.lock": Relation(
        "corrections that hold against the platform",
        of_student(),
        sees=staff_sees_student,
        adds=is_in_charge,
        changes=is_in_charge,
        adding=lambda who, row: (
            "insert into dashboard.lock (student_id, module_id, fields, author_id, reason) "
            f"values ('{row.student}', '{COURSE}', '{{score}}', '{me(who)}', 'why')"
        ),
        changing=lambda who, row: f"update dashboard.lock set unlocked_by = '{me(who)}'",
    ),
    "dashboard.lock_attempt": Relation(
        "what the platform tried to write over them", of_student(), sees=staff_sees_student
    ),
    "dashboard.checked_row": Relation(
        "rows as the data check judges them", of_student(), sees=staff_sees_student
    ),
    "dashboard.dismissal": Relation(
        "rows that are to be left as they are",
        of_student(),
        sees=staff_sees_student,
        adds=is_in_charge,
        changes=is_in_charge,
        removes=is_in_charge,
        adding=lambda who, row: (
            "insert into dashboard.dismissal (rule, student_id, module_id, values_digest, author_id) "
            f"values ('new', '{row.student}', '{COURSE}', repeat('0', 32), '{me(who)}')"
        ),
        changing=lambda who, row: f"update dashboard.dismissal set author_id = '{me(who)}'",
        removing=True,
    ),
    "dashboard.draft": Relation(
        "edits that were typed and not saved yet (added for classes one works with)",
        tuple(
            Row(f"person_id = '{one}' and class_id = '{class_}'", None, class_, None, one, target)
            for one, class_ in DRAFTS.items()
            for target in PUPILS
            if target != class_
        ),
        sees=own,
        adds=lambda who, row: writes_own(who, row) and row.target is not None and staffs(who, row.target),
        changes=writes_own,
        removes=own,
        adding=lambda who, row: (
            "insert into dashboard.draft (person_id, class_id, edits) "
            f"values ('{row.person}', '{row.target}', '[]')"
        ),
        changing=lambda who, row: "update dashboard.draft set edits = '[]'",
        removing=True,
    ),
    "dashboard.saved_view": Relation(
        "named views of the class page (added in one's own name)",
        tuple(
            Row(f"owner_id = '{person}'", person=person, organisation=shared)
            for person, shared in VIEWS.items()
        ),
        sees=lambda who, row: is_staff(who) and own_or_shared(who, row),
        adds=adds_own_view,
        changes=own,
        removes=own,
        adding=lambda who, row: (
            "insert into dashboard.saved_view (organisation_id, name, parameters) values ("
            + (f"'{row.organisation}'" if row.organisation else "null")
            + ", 'new', '{}')"
        ),
        changing=lambda who, row: "update dashboard.saved_view set name = 'another'",
        removing=True,
    ),
    "dashboard.note": Relation(
        "what staff noted about a student",
        of_student(),
        sees=staff_sees_student,
        adds=notes_student,
        adding=lambda who, row: (
            "insert into dashboard.note (id, student_id, author_id, act, kind, text) values "
            f"(gen_random_uuid(), '{row.student}', '{me(who)}', 'written', 'note', 'x')"
        ),
    ),
    "dashboard.flag_response": Relation(
        "what staff responded to what is flagged",
        tuple(
            Row(f"class_id = '{class_}' and student_id = '{one.student}'", one.student, class_)
            for one in of_student()
            for class_ in (CLASS_1A, CLASS_1B)
        ),
        sees=lambda who, row: staffs_class(who, row) and staff_sees_student(who, row),
        adds=lambda who, row: staffs_class(who, row) and notes_student(who, row),
        adding=lambda who, row: (
            "insert into dashboard.flag_response (id, class_id, student_id, rule, author_id, response) values "
            f"(gen_random_uuid(), '{row.class_}', '{row.student}', 'x', '{me(who)}', 'seen')"
        ),
    ),
    "dashboard.class_target": Relation(
        "what share of a class is planned to be completed by a day",
        of_class(),
        sees=staffs_class,
        adds=plans_class,
        adding=lambda who, row: (
            "insert into dashboard.class_target (id, class_id, author_id) "
            f"values (gen_random_uuid(), '{row.class_}', '{me(who)}')"
        ),
    ),
    "dashboard.class_cell": Relation("the cells of a class", of_class(), sees=staffs_class),
    "dashboard.class_count": Relation("how a class stands", of_class(), sees=staffs_class),
    "dashboard.completion": Relation(
        "when modules of a student were completed", of_student()[:1], sees=sees_student
    ),
    "dashboard.class_completion": Relation(
        "when cells of a class were completed", of_class()[:1], sees=staffs_class
    ),
    "dashboard.class_score": Relation(
        "how many of a class passed and failed a module", of_class()[:1], sees=staffs_class
    ),
    "roster.student": Relation("names of students", of_student("id = '{}'"), sees=sees_student),
    "roster.anybody": Relation(
        "keys of all other students, for whoever sees everybody",
        of_student("id = '{}'"),
        sees=lambda who, row: is_everywhere(who) and staff_sees_student(who, row),
    ),
    "roster.editable": Relation(
        "keys of the students whose progress is theirs to change",
        of_student("id = '{}'"),
        sees=is_in_charge,
    ),
    "roster.class": Relation("classes", of_class("id = '{}'"), sees=is_in_class),
    "roster.class_student": Relation(
        "who is in which class", of_student(), sees=sees_student
    ),
    "roster.class_module": Relation("what a class learns", of_class(), sees=is_in_class),
    "roster.class_teacher": Relation("who teaches a class", of_class()[:2], sees=staffs_class),
    "roster.organisation": Relation(
        "organisations",
        tuple(Row(f"id = '{one}'", organisation=one) for one in (NORTH, SOUTH)),
        sees=lambda who, row: at_home(who, row.organisation),
    ),
    "roster.staff": Relation(
        "names of colleagues (whoever works everywhere is everybody's)",
        tuple(
            Row(f"id = '{one}'", organisation=HOME.get(one))
            for one in (TEACHER, COORDINATOR, SOUTH_COORDINATOR, EVERYWHERE, VIEWER, INSPECTOR, ADMIN)
        ),
        sees=sees_staff,
    ),
    "roster.module": Relation("modules", sees=known),
    "roster.lesson": Relation("lessons", sees=known),
    "dashboard_migrations.alembic_version": Relation(
        "which release the tables are at",
        sees=lambda who, row: True,
        asked=(None, "dashboard_guest", "dashboard_person"),
    ),
}  # fmt: skip
