"""Texts that want to be more than text, stored wherever a name, a reason or a note can be."""

from typing import Final
from uuid import UUID, uuid4

import psycopg
from psycopg.types.json import Jsonb

from data.access.session import Actor, connect
from data.data_protection.erasure import Extent, erase_student
from data.database import embedded
from data.database.claims_keys import present_key
from data.roster.changes import RosterChange
from data.roster.save import save as save_roster
from data.rules.progress import EMPTY_ROW, Edit, Field, Status, Values
from data.writing.locks import lock
from data.writing.notes import Content, write
from data.writing.save import save
from data.writing.saved_views import save_view
from tests.browsing import App

RUN = "window.__pwned=1"
EVIL = "http://evil.example"

PAYLOADS: Final = (
    f"<script>{RUN}</script>",
    f"</script><script>{RUN}</script>",
    f"<img src=x onerror={RUN}>",
    f"<svg onload={RUN}>",
    f'"><img src={EVIL}/q onerror="{RUN}">',
    f"' onfocus='{RUN}' autofocus x='",
    f"<img src={EVIL}/img>",
    f"<iframe src={EVIL}/frame></iframe>",
    "<iframe srcdoc='<script>parent.__pwned=1</script>'>",
    f"<link rel=stylesheet href={EVIL}/css>",
    f"<style>@import url({EVIL}/style)</style>",
    f"<base href={EVIL}/>",
    f"<meta http-equiv=refresh content='0;url={EVIL}/go'>",
    f"<a href='javascript:{RUN}'>a</a>",
    f"<b>b</b><a href='{EVIL}/p'>p</a><sub>s</sub>",
    f"<math><mtext><style><img src=x onerror={RUN}></style></mtext></math>",
    f"![picture]({EVIL}/md)",
    f"[link](javascript:{RUN})",
    f"[![both]({EVIL}/both)]({EVIL}/link)",
    f"{EVIL}/autolink",
    f'=HYPERLINK("{EVIL}/cell")',
    ":material/delete: :red[red] :blue-background[b]",
    f"$\\href{{{EVIL}/l}}{{x}}$ $x^2$",
    "{7*7} {{7*7}} ${7*7} %s %(x)s {0.__class__}",
    "**bold** `code` # head ~~s~~",
    f"%{{x}}<br><extra></extra>{RUN}",
)
ALL = " ".join(PAYLOADS)
NAMED = {text: text for text in PAYLOADS}

HOSTILE_CLASS: Final = UUID("00000000-0000-4000-8000-00000000e711")
NAMED_CLASS: Final = {"class": str(HOSTILE_CLASS)}
TEACHER, COORDINATOR, ADMIN = (UUID(f"00000000-0000-4000-8000-00000000e72{n}") for n in (1, 2, 3))


def _id(kind: int, number: int) -> UUID:
    return UUID(f"00000000-0000-4000-8000-00000e{kind:02}{number:04}")


STUDENTS: Final = [_id(3, number) for number in range(len(PAYLOADS))]
MODULES: Final = [_id(4, number) for number in range(len(PAYLOADS))]
COURSE, ASSESSMENT = MODULES[0], MODULES[1]
GONE: Final = _id(5, 0)
"""Whom somebody erased."""


def fill(app: App) -> None:
    """One school whose every text is hostile: a payload a student, module and lesson, all of them elsewhere."""
    _roster(app)
    server = embedded.running(app.data_dir)
    assert server is not None
    database = connect(server.app_url, key=present_key(server.owner_url), pool_size=1)
    _work(Actor(COORDINATOR, "", "coordinator", database=database))
    _erase(Actor(ADMIN, "", "admin", database=database))
    database.engine.dispose()


def _roster(app: App) -> None:
    organisation = uuid4()
    with app.owner() as owner, owner.cursor() as cursor:
        cursor.execute("insert into public.organisations values (%s, %s)", (organisation, ALL))
        people = [*STUDENTS, GONE, TEACHER, COORDINATOR, ADMIN]
        cursor.executemany("insert into auth.users (id) values (%s)", [(one,) for one in people])
        cursor.executemany(
            "insert into school.staff values (%s, %s, %s, %s, %s, true)",
            [
                (TEACHER, organisation, ALL, "t@example.org", "teacher"),
                (COORDINATOR, organisation, ALL, PAYLOADS[0], "coordinator"),
                (ADMIN, organisation, ALL, PAYLOADS[1], "admin"),
            ],
        )
        cursor.execute(
            "insert into school.class values (%s, %s, %s)", (HOSTILE_CLASS, organisation, ALL)
        )
        cursor.execute("insert into school.class values (%s, %s, %s)", (uuid4(), organisation, "B"))
        cursor.execute(
            "insert into school.class_teacher select id, %s from school.class "
            "where organisation_id = %s",
            (TEACHER, organisation),
        )
        cursor.execute("insert into school.student values (%s, %s, 'Gone')", (GONE, organisation))
        for number, text in enumerate(PAYLOADS):
            student, module = STUDENTS[number], MODULES[number]
            kind = ("Course", "Assessment", "Project", text)[number % 4]
            cursor.execute(
                "insert into school.student values (%s, %s, %s, %s)",
                (student, organisation, text, text),
            )
            cursor.execute(
                "insert into public.modules values (%s, %s, %s, %s, %s)",
                (module, kind, text, number, Jsonb({"passThreshold": "70"})),
            )
            cursor.execute(
                "insert into public.lessons (module_id, title, sequence, has_quiz) "
                "values (%s, %s, %s, true)",
                (COURSE, text, number),
            )
        cursor.execute(
            "insert into school.class_student select class.id, student.id from school.class "
            "join school.student using (organisation_id) where organisation_id = %s",
            (organisation,),
        )
        cursor.execute(
            "insert into school.class_module select class.id, modules.id, sequence "
            "from school.class, public.modules where organisation_id = %s and modules.id = any(%s)",
            (organisation, MODULES),
        )
        _details(cursor, organisation)


def _details(cursor: psycopg.Cursor[tuple[object, ...]], organisation: UUID) -> None:
    """Known keys with hostile values, and hostile keys: every module of one student, three of the others."""
    lessons = {
        str(number): {"title": text, "completed": text, "quiz_attempts": 5, "quiz_passed": False}
        for number, text in enumerate(PAYLOADS)
    }
    keys = ("tier", "submitted_at", "score_percentage", "last_viewed_lesson_sequence", "feedback")
    hostile = NAMED | dict.fromkeys(keys, ALL) | {"lessons": lessons, "answers": [*PAYLOADS]}
    cursor.execute(
        "insert into public.student_module_progress "
        "(student_id, module_id, status, progress_percentage, score, progress_details) "
        "select student.id, module_id, 'InProgress', 40, 30 + position, %s from school.student "
        "join school.class_module on class_id = %s "
        "where organisation_id = %s and (student.id = %s or position < 3)",
        (Jsonb(hostile), HOSTILE_CLASS, organisation, STUDENTS[0]),
    )


def _work(actor: Actor) -> None:
    """What staff themselves write: reasons, notes, views, something kept."""
    seen: Values = EMPTY_ROW
    for number, text in enumerate(PAYLOADS):
        wish: Values = {Field.STATUS: Status.IN_PROGRESS, Field.PERCENTAGE: 1 + number}
        (saved,) = save(actor, [Edit(STUDENTS[1], MODULES[5], wish, seen)], text).saved
        seen = {**seen, **saved.after}
        assert write(actor, STUDENTS[0], Content(text), key=uuid4()) is None
        assert save_view(actor, text[:80], NAMED_CLASS, is_shared=True) is None
    assert lock(actor, STUDENTS[1], MODULES[5], [Field.PERCENTAGE], ALL[:500]) is None
    numbers = [
        RosterChange("student", {"id": one}, {"number": None}, {"number": text[:100]})
        for one, text in zip(STUDENTS, PAYLOADS, strict=True)
    ]
    assert save_roster(actor, numbers, source="form", reason=ALL[:500]).saved == len(PAYLOADS)


def _erase(admin: Actor) -> None:
    assert isinstance(erase_student(admin, GONE, "Gone"), Extent)
