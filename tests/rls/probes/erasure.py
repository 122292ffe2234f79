"""Who is erased is gone, by the one way there is; each beside what it must not take along."""

from collections.abc import Callable
from typing import Final

from data.access.claims import ClaimsKey
from tests.people import (
    ADMIN,
    ANN,
    BEN,
    CLASS_1A,
    CLEO,
    COORDINATOR,
    DAN,
    EVERYWHERE,
    INSPECTOR,
    UNUSED,
)
from tests.rls.oracle import PROGRESS, batch_of
from tests.rls.probes.paths import turned
from tests.rls.probes.probe import (
    ADA,
    ANNS,
    BY_PERSON,
    CORA,
    PLATFORM,
    TESS,
    Probe,
    after,
    refused,
    signed,
)
from tests.rls.spare_roster import roster_batch_of
from tests.rls.staff_students import IDA, KAI

Erased = Callable[..., Probe]
"""After an erasure, and what was written before it, a condition holds."""

ERASE: Final = f"select dashboard.erase_student('{ANN}', 'Ann Ågren')"
PREVIEW: Final = f"select dashboard.erasure_preview('{ANN}')"

WAYS: Final = [
    refused(BY_PERSON.get(who, PLATFORM), statement)  # type: ignore[arg-type]
    for who in (TESS.person, CORA.person, ANNS.person, EVERYWHERE, INSPECTOR, None)
    for statement in (ERASE, PREVIEW)
]

NOBODY_ELSE: Final = [
    *WAYS,
    refused(BY_PERSON[IDA], f"select dashboard.erase_student('{IDA}', 'Both admin')"),
    refused(BY_PERSON[IDA], f"select dashboard.erasure_preview('{IDA}')"),
    Probe(ADA, ERASE, "1"),
    Probe(ADA, PREVIEW, "1"),
    Probe(ADA, f"select dashboard.erase_student('{ANN}', ' Ann  A\u030agren ')", "1"),
    *(
        Probe(
            ADA,
            f"select dashboard.erase_student('{ANN}', {typed})",
            "23514 the name that was typed is another",
        )
        for typed in ("'Ann'", "''", "null", "'ann ågren'")
    ),
    Probe(
        ADA,
        f"select dashboard.erase_student('{UNUSED}', '')",
        "23514 there is no such student any more",
    ),
    *(
        refused(PLATFORM, statement)
        for statement in (
            "update dashboard.erasure set counts = '{}'",
            "delete from dashboard.erasure",
            "truncate dashboard.erasure",
        )
    ),
    turned(ADA, f"perform dashboard.erasure_preview('{ANN}')"),
    turned(ADA, f"perform dashboard.erase_student('{ANN}', 'Ann Ågren')"),
]

OF_ANN: Final = (
    *("dashboard.note", "dashboard.flag_response", "dashboard.dismissal"),
    *("dashboard.lock_attempt", "dashboard.lock", "internal.flag_record"),
    *("dashboard.history", PROGRESS, "dashboard.fact", "school.class_student"),
)


def of_erasure(key: ClaimsKey) -> list[Probe]:
    """By an administrator, looked at as the owner of the tables, who sees all."""
    ada = signed(key, ADMIN)
    erase = f"{ada}; perform dashboard.erase_student('{ANN}', 'Ann Ågren')"

    def erased(condition: str, *before: str) -> Probe:
        return after(PLATFORM, "; ".join([*before, erase]), condition)

    return [
        *(erased(f"not exists (select from {name} where student_id = '{ANN}')") for name in OF_ANN),
        *(
            erased(f"not exists (select from {name} where {column} = '{ANN}')")
            for name, column in (
                ("school.student", "id"),
                ("auth.users", "id"),
                ("school.source_id", "our_id"),
                ("school.roster_lock", "locked_id"),
            )
        ),
        erased(f"exists (select from dashboard.history where student_id = '{BEN}')"),
        erased(f"exists (select from dashboard.note where student_id = '{DAN}')"),
        erased(
            f"exists (select from dashboard.erasure where author_id = '{ADMIN}' and counts ->> 'note' = '1')"
        ),
        *_texts(erased),
        *_rosters(erased),
        *_persons(key),
        *_marks(ada, erase),
    ]


def _texts(erased: Erased) -> list[Probe]:
    """What names her in the words of others."""
    reason = f"(select reason from dashboard.batch where id = '{batch_of(COORDINATOR)}')"
    other = f"(select reason from dashboard.batch where id = '{batch_of(ADMIN)}')"
    views = "insert into dashboard.saved_view (owner_id, name, parameters) values "

    def view(name: str, parameters: str = "{}") -> str:
        return f"{views} ('{CLEO}', '{name}', '{parameters}')"

    gone = f"not exists (select from dashboard.saved_view where owner_id = '{CLEO}')"
    stays = f"exists (select from dashboard.saved_view where owner_id = '{CLEO}')"
    draft = (
        f'update dashboard.draft set edits = \'[{{"student": "{ANN}"}}, {{"student": "{BEN}"}}]\' '
        f"where person_id = '{ADMIN}' and class_id = '{CLASS_1A}'"
    )
    left = f"(select edits from dashboard.draft where person_id = '{ADMIN}' and class_id = '{CLASS_1A}')"
    only = f"update dashboard.draft set edits = '[{{\"student\": \"{ANN}\"}}]' where person_id = '{ADMIN}'"
    return [
        erased(f"{reason} = 'erased' and {other} = 'x'"),
        erased(gone, view("For ann agren")),
        erased(gone, view("Mine", f'{{"student": "{ANN}"}}')),
        erased(gone, view("Mine", '{"name": "Ann Ågren"}')),
        erased(stays, view("Anna")),
        erased(f'{left} = \'[{{"student": "{BEN}"}}]\'', draft),
        erased(f"{left} is null", only),
    ]


def _rosters(erased: Erased) -> list[Probe]:
    """The roster's history of her, and no other's."""
    told = "insert into dashboard.roster_change (relation, key, operation, batch_id, before, after) values "

    def change(relation: str, key: str, batch: str = "null", after_: str = "{}") -> str:
        return f"{told} ('{relation}', '{key}', 'insert', {batch}, null, '{after_}')"

    mine, others = roster_batch_of(COORDINATOR), roster_batch_of(EVERYWHERE)
    key = f'{{"id": "{ANN}"}}'
    hers = f"exists (select from dashboard.roster_change where key::text || after::text like '%{ANN}%')"
    named = f"update school.student set email = 'a@x.org' where id = '{ANN}'"
    return [
        erased(f"not {hers}", change("student", key)),
        erased(f"not {hers}", change("student", "{}", after_=f'{{"merged_into": "{ANN}"}}')),
        erased(f"not {hers}", named),
        erased(f"exists (select from dashboard.roster_change where batch_id = '{others}')"),
        erased(
            "exists (select from dashboard.roster_change where relation = 'x')",
            change("x", f'{{"id": "{BEN}"}}'),
        ),
        erased(
            f"(select reason = 'why' from dashboard.roster_batch where id = '{UNUSED}')",
            *_batch("why", change("student", key, f"'{UNUSED}'"), change("x", "{}", f"'{UNUSED}'")),
        ),
        erased(
            f"(select reason = 'erased' from dashboard.roster_batch where id = '{UNUSED}')",
            *_batch("why", change("student", key, f"'{UNUSED}'")),
        ),
        erased(
            f"(select reason = 'erased' from dashboard.roster_batch where id = '{UNUSED}')",
            *_batch("as ANN ÅGREN says"),
        ),
        erased(
            f"exists (select from dashboard.roster_batch where id = '{mine}' and reason is null)"
        ),
    ]


def _batch(reason: str, *changes: str) -> list[str]:
    opened = (
        "insert into dashboard.roster_batch (id, author_id, source, reason, digest) "
        f"values ('{UNUSED}', '{ADMIN}', 'form', '{reason}', repeat('0', 64))"
    )
    return [opened, *changes]


def _persons(key: ClaimsKey) -> list[Probe]:
    """Whoever was entered twice is one; whoever is staff too stays as staff."""
    ada = signed(key, ADMIN)
    merged = (
        f"update school.student set is_active = false, merged_into = '{ANN}' where id = '{BEN}'"
    )
    both = f"not exists (select from school.student where id in ('{ANN}', '{BEN}'))"
    kai = f"{ada}; perform dashboard.erase_student('{KAI}', 'Both coordinator')"
    hired = (
        "insert into dashboard.roster_change (relation, key, operation, after) "
        f"values ('staff', '{{\"id\": \"{KAI}\"}}', 'insert', '{{}}')"
    )
    wrote = (
        "insert into dashboard.history (student_id, module_id, operation, source, author_id) "
        f"values ('{BEN}', '{UNUSED}', 'update', 'form', '{{}}')"
    )
    by = f"(select author_id {{}} from dashboard.history where module_id = '{UNUSED}')"
    return [
        after(
            PLATFORM,
            f"{merged}; {ada}; perform dashboard.erase_student('{ANN}', 'Ann Ågren')",
            both,
        ),
        after(
            PLATFORM,
            f"{merged}; {ada}; perform dashboard.erase_student('{BEN}', 'Ben O''Neill')",
            both,
        ),
        after(
            PLATFORM,
            kai,
            f"exists (select from school.staff where id = '{KAI}') "
            f"and exists (select from auth.users where id = '{KAI}') "
            f"and not exists (select from school.student where id = '{KAI}')",
        ),
        after(
            PLATFORM,
            f"{hired}; {kai}",
            f"exists (select from dashboard.roster_change where key ->> 'id' = '{KAI}' and relation = 'staff')",
        ),
        after(PLATFORM, f"{wrote.format(KAI)}; {kai}", by.format(f"= '{KAI}'")),
        after(
            PLATFORM,
            f"{wrote.format(ANN)}; {ada}; perform dashboard.erase_student('{ANN}', 'Ann Ågren')",
            by.format("is null"),
        ),
    ]


def _marks(ada: str, erase: str) -> list[Probe]:
    """What lets it pass lets nothing else pass, before, after or beside it."""
    shown = f"{ada}; perform dashboard.erasure_preview('{ANN}')"
    everything = " and ".join(
        f"exists (select from {name} where student_id = '{ANN}')" for name in OF_ANN
    )
    rewrite = "delete from dashboard.history"
    return [
        after(PLATFORM, shown, everything),
        after(
            PLATFORM,
            f"{ada}; insert into dashboard.note (id, student_id, note_id, author_id, act, kind, text) values "
            f"('{UNUSED}', '{BEN}', '{UNUSED}', '{ADMIN}', 'written', 'note', 'like Ann Ågren')",
            f"dashboard.erasure_preview('{ANN}') ->> 'mention' = '1'",
        ),
        *(
            refused(PLATFORM, f"do $probe$ begin {before}; {rewrite}; end $probe$")
            for before in (
                erase,
                shown,
                "insert into internal.erasing values ('4')",
                "perform set_config('dashboard.erasing', 'on', true)",
            )
        ),
        refused(
            PLATFORM,
            "do $probe$ begin insert into internal.erasing values (pg_current_xact_id()); "
            "truncate dashboard.history; end $probe$",
        ),
    ]
