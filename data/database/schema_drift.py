"""Drift: what guards the rows and is otherwise than the schema's files make it, each with what to do about it.

What a school adds for roles of its own is its own business, and so are triggers on tables that its programs
write, and constraints, which only ever refuse: the app starts. What reaches the roles that the app acts as, or
writes by itself where only this program writes, is told; so is a rule wherever this program writes.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Final

from sqlalchemy import Connection

from data.database import schema_expected
from data.database.kinds import has_triggers, kind_of
from data.database.migrate import is_served
from data.database.schema import SAID_AGAIN

Definitions = Mapping[str, str]

GRANT: Final = re.compile(r"grant (?P<right>.+?) on (?P<what>.+) to (?P<who>.+)")

PEOPLE: Final = {
    "dashboard_person": "Whoever is signed in",
    "dashboard_guest": "Whoever is not signed in",
    "public": "Everybody",
    "authenticated": "Whoever is signed in at the host platform",
    "anon": "Whoever asks the host platform",
    "service_role": "Whoever administers the host platform, whom no row level security binds,",
}

OURS_ALONE: Final = ("dashboard.", "internal.")
"""Schemas of tables that only this program writes."""

MENDED: Final = "Run: python -m data migrate"

PLACED: Final = "trigger public.student_module_progress "

THE_PLATFORMS: Final = "platform table "
"""How a table is named that is not ours, in a database that was attached."""

TAKES_NOTHING_AWAY: Final = (
    "This program neither gives nor needs it, and takes nothing away there: ask whoever gave it."
)

TAKE_AWAY: Final = f"{MENDED}, and take away what is left then."

FEW: Final = 3  # so many of which the same is wrong are told one by one

MISSING: Final = "is missing", "are missing"
OFF: Final = "is switched off: nothing is recorded", "are switched off: nothing is recorded"
OF_OTHERS: Final = (
    "does not hold for the people it was made for: somebody changed it",
    "do not hold for the people they were made for, since somebody changed them",
)
CHANGED: Final = (
    "is not as this program makes it: an older release made it, or somebody changed it",
    "are not as this program makes them, since an older release made them or somebody changed them",
)
"""What is wrong with one thing, and with several."""

IS_ON: Final = schema_expected.digests({"": "true false"})[""]  # and does not bind the owner

OF_A_TABLE: Final = ("policy", "trigger", "constraint", "index", "rule")

ENFORCING: Final = "zz_enforce_lock"
"""The last of the triggers before a row is written: what came after it could undo what people locked."""


def drift(
    connection: Connection, login: str | None = None, *, placed: bool = True
) -> list[tuple[str, str]]:
    """Kind and sentence of each, for the app's `login`, whoever asks. The triggers on the progress table are
    not missed where they are not `placed`; of what a newer release made only row level security is told."""
    found = schema_expected.definitions(connection, login)
    digests = schema_expected.digests(found)
    expected = schema_expected.expected(kind_of(connection))
    if not (placed and has_triggers(connection)):
        expected = {name: one for name, one in expected.items() if not name.startswith(PLACED)}
    alike = defaultdict(list)
    told = found | expected
    if is_served(connection):
        told = {name: one for name, one in found.items() if name.startswith("rls ")}
    for name in sorted(one for one in told if digests.get(one) != expected.get(one)):
        alike[_alike(name, found, expected)].append(name)
    return [
        sentence
        for (wrong, cure), names in alike.items()
        for sentence in (
            [_of_many(wrong, names, cure)]
            if len(names) > FEW
            else chain.from_iterable(
                (_ours if name in expected else _further)(name, found, expected) for name in names
            )
        )
    ]


def _alike(name: str, found: Definitions, expected: Definitions) -> tuple[str, str]:
    """What is wrong, said of many, and what to do; where each has a cure of its own, its name alone."""
    kind = name.partition(" ")[0]
    grant = GRANT.fullmatch(name)
    if grant and grant["what"].startswith(THE_PLATFORMS):
        return f"{_who(grant)} has rights on what is the platform's", TAKES_NOTHING_AWAY
    if grant and name not in expected:
        cure = MENDED if grant["who"] in PEOPLE else TAKE_AWAY
        return f"{_who(grant)} has rights that this program does not give", cure
    if grant and name not in found:
        return f"{_who(grant)} lacks rights that this program gives", MENDED
    if grant or name not in expected or not name.startswith(SAID_AGAIN):
        return name, ""
    several = {"policy": "Policies"}.get(kind, f"{kind.capitalize()}s")
    return f"{several} {_wrong(name, found)[1]}", MENDED


def _of_many(wrong: str, names: Sequence[str], cure: str) -> tuple[str, str]:
    some = ", ".join(map(_called, names[:FEW]))
    return names[0].split(" ")[0], f"{wrong}: {some} and {len(names) - FEW} more. {cure}"


def _called(name: str) -> str:
    """Of a grant the right and what it is on, of a table's part that with its table."""
    if grant := GRANT.fullmatch(name):
        return f"{grant['right']} on {grant['what'].removeprefix(THE_PLATFORMS)}"
    kind, what, *part = name.split(" ", 2)
    return f"{part[0]} on {what}" if kind in OF_A_TABLE else name.partition(" ")[2]


def _wrong(name: str, found: Definitions) -> tuple[str, str]:
    if name not in found:
        return OF_OTHERS if f"other {name}" in found else MISSING
    return OFF if name.startswith("trigger ") and found[name].startswith("D ") else CHANGED


def _ours(name: str, found: Definitions, expected: Definitions) -> Iterator[tuple[str, str]]:
    """What the schema's files make is missing or otherwise."""
    kind, what, *_ = name.split(" ", 2)
    if kind == "rls":
        yield from _row_level_security(what, found.get(name, ""), expected)
        return
    grant = GRANT.fullmatch(name)
    if grant:
        yield kind, _missing(grant) if name not in found else _passed_on(grant)
        return
    sentence = f"The {kind} {_called(name)} {_wrong(name, found)[0]}."
    yield kind, f"{sentence} {MENDED}" if name.startswith(SAID_AGAIN) else sentence


def _row_level_security(
    table: str, setting: str, expected: Definitions
) -> Iterator[tuple[str, str]]:
    is_on, _, is_forced = setting.partition(" ")
    if is_forced == "true":
        yield (
            "rls_forced",
            f"Row level security binds the owner of {table} too, for whom this program looks people up. "
            f"Run: alter table {table} no force row level security",
        )
    elif is_on != "true" and expected[f"rls {table}"] == IS_ON:
        yield (
            "rls_off",
            f"Row level security is off on {table}. Run: alter table {table} enable row level security",
        )


def _further(name: str, found: Definitions, expected: Definitions) -> Iterator[tuple[str, str]]:
    """What the schema's files do not make."""
    kind, what, *part = name.split(" ", 2)
    grant = GRANT.fullmatch(name)
    if grant:
        yield kind, _too_much(grant, expected)
    elif kind == "policy":
        yield kind, _further_policy(what, part[0], found[name])
    elif kind == "month":
        yield kind, f"The month {what} of the history is not guarded. {MENDED}"
    elif kind == "trigger" and what.startswith(OURS_ALONE):
        yield (
            kind,
            f"The trigger {part[0]} on {what} is not this program's, and only this program writes there. "
            f"Run: drop trigger {part[0]} on {what}",
        )
    elif kind == "rule" and what.startswith((*OURS_ALONE, "public.student_module_progress")):
        yield (
            kind,
            f"The rule {part[0]} on {what} is not this program's and makes its statements mean something else. "
            f"Run: drop rule {part[0]} on {what}",
        )
    elif (
        kind == "trigger"
        and f"rls {what}" in expected  # else the table is the platform's
        and part[0] > ENFORCING
        and " BEFORE " in found[name]
        and " FOR EACH ROW " in found[name]
    ):
        yield (
            kind,
            f"The trigger {part[0]} on {what} runs last and could change locked values. "
            f"Give it a name that comes before: alter trigger {part[0]} on {what} rename to a_{part[0]}",
        )


def _further_policy(table: str, policy: str, written: str) -> str:
    lets = "lets people see or do more" if written.startswith("t ") else "keeps rows from people"
    return (
        f"The policy {policy} on {table} is not this program's and {lets}. "
        f"Run: drop policy {policy} on {table}; or limit it to roles of your own: "
        f"alter policy {policy} on {table} to ROLE"
    )


def _too_much(grant: re.Match[str], expected: Definitions) -> str:
    it = f"{grant['right']} on {grant['what'].removeprefix(THE_PLATFORMS)}"
    if grant["what"].startswith(THE_PLATFORMS):
        return f"{_who(grant)} has a right on what is the platform's: {it}. {TAKES_NOTHING_AWAY}"
    return (
        f"{_who(grant)} has a right that this program does not give: {it}. "
        f"Run: revoke {it} from {grant['who']}{_of_columns(grant, expected)}"
    )


def _who(grant: re.Match[str]) -> str:
    return PEOPLE.get(grant["who"], f"The role {grant['who']}")


def _of_columns(grant: re.Match[str], expected: Definitions) -> str:
    """What is revoked of a whole table is revoked of its columns too: those that are given are given again."""
    given = re.compile(
        rf"grant {re.escape(grant['right'])} \((.+)\) on {re.escape(grant['what'])} to {grant['who']}"
    )
    columns = [found[1] for found in map(given.fullmatch, expected) if found]
    if not columns:
        return ""
    return f"; grant {grant['right']} ({', '.join(columns)}) on {grant['what']} to {grant['who']}"


def _missing(grant: re.Match[str]) -> str:
    return (
        f"{_who(grant)} lacks a right that this program gives. "
        f"Run: grant {grant['right']} on {grant['what']} to {grant['who']}"
    )


def _passed_on(grant: re.Match[str]) -> str:
    return (
        f"{_who(grant)} may pass a right on: {grant['right']} on {grant['what']}. "
        f"Run: revoke grant option for {grant['right']} on {grant['what']} from {grant['who']}"
    )
