"""Who needs attention, and why: what the rules flag (data/database/sql/attention.sql), with the facts."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from itertools import chain, groupby
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, text

from data.reading.attention_rules.chosen import figures_of
from data.reading.catalogue import lessons_of
from data.rules.attention import explained, short
from data.rules.attention_figures import ClassFigures
from data.rules.flags import Facts, Flag, FlagFacts, Reason, stuck_quizzes

_Named = Mapping[tuple[UUID, UUID, str], Sequence[Facts]]
"""The modules that flags speak of, by student, class and rule."""

NAMED: Final = 2
"""Of one rule's modules: whoever lost all of twenty would fill a phone's screen."""


@dataclass(frozen=True)
class Flagged:
    """A student with what is flagged, the gravest first, and the modules that it is about."""

    id: UUID
    flags: tuple[Flag, ...]
    facts: Mapping[tuple[UUID, str], Sequence[Facts]]
    figures: Mapping[UUID, ClassFigures] = field(default_factory=dict)
    """Of their classes, where they were asked."""

    def reasons(self, class_names: Mapping[UUID, str], here: tzinfo) -> list[Reason]:
        """Each flag in sentences. What two classes have in common is said once."""
        told = (
            FlagFacts(
                flag,
                self.facts.get((flag.class_id, flag.rule), ()),
                class_names.get(flag.class_id, "the class"),
                here,
            )
            for flag in self.flags
        )
        reasons: dict[str, Reason] = {}
        for reason in chain.from_iterable(map(explained, told)):
            reasons.setdefault(reason.sentence, reason)
        return [*reasons.values()]

    def why(self, class_names: Mapping[UUID, str], here: tzinfo) -> tuple[list[Reason], str]:
        """The gravest reason with its facts, of the first modules; the rest in a few words, '' for none."""
        reasons = self.reasons(class_names, here)
        gravest = [one for one in reasons if one.rule == reasons[0].rule]
        told = {one.rule for one in gravest}
        others = {flag.rule: flag for flag in self.flags if flag.rule not in told}
        rest = [f"{len(gravest) - NAMED} more like this"] if len(gravest) > NAMED else []
        if others:
            rest.append(short([*others.values()]))
        return gravest[:NAMED], " · ".join(rest)


@dataclass(frozen=True)
class Urgent:
    """One of those who need me most."""

    name: str
    email: str | None
    flagged: Flagged


@dataclass(frozen=True)
class MostUrgent:
    """Those who need me most, in that order, and how many need attention in all."""

    students: Sequence[Urgent]
    of_all: int


def flags_of(connection: Connection, student_id: UUID, classes: Collection[UUID]) -> Flagged:
    """What is flagged of one student in these classes, as far as I staff them; with the classes' figures."""
    rows = connection.execute(
        text("""
            select class_id, rule, weight, modules, since, figure, beside
            from dashboard.flags(cast(:classes as uuid[]), now())
            where student_id = :student_id
            order by weight desc, since desc nulls last, rule, class_id
        """),
        {"classes": list(classes), "student_id": student_id},
    )
    flags = tuple(Flag(*row) for row in rows)
    found = _flagged(student_id, flags, _named(connection, [student_id], flags))
    flagged_in = {one.class_id for one in flags}
    return replace(found, figures=figures_of(connection, flagged_in)) if flags else found


def most_urgent(connection: Connection, most: int) -> MostUrgent:
    """Those who need me most in all my classes, at most so many."""
    rows = connection.execute(
        text("""
            select
                students, student_id, full_name, email,
                class_id, rule, weight, modules, since, figure, beside
            from dashboard.urgent_flags(now(), :most)
        """),
        {"most": most},
    ).all()
    named = _named(connection, {row.student_id for row in rows}, [Flag(*row[4:]) for row in rows])
    students = []
    for (student, name, email), its in groupby(rows, key=lambda row: row[1:4]):
        flags = tuple(Flag(*row[4:]) for row in its)
        students.append(Urgent(name, email, _flagged(student, flags, named)))
    return MostUrgent(students, rows[0].students if rows else 0)


def _flagged(student: UUID, flags: tuple[Flag, ...], named: _Named) -> Flagged:
    keys = {(flag.class_id, flag.rule) for flag in flags}
    facts = {key: named[(student, *key)] for key in keys if (student, *key) in named}
    return Flagged(student, flags, facts)


def _named(connection: Connection, students: Collection[UUID], flags: Sequence[Flag]) -> _Named:
    classes = {flag.class_id for flag in flags}
    if not classes:
        return {}
    rows = connection.execute(
        text("""
            select student_id, class_id, rule, module_id, module, shown_score, pass_mark, details
            from dashboard.flag_modules(cast(:classes as uuid[]), cast(:students as uuid[]))
        """),
        {"classes": list(classes), "students": list(students)},
    ).all()
    attempts = {flag.class_id: flag.figure for flag in flags if flag.rule == "stuck"}
    lessons = lessons_of(connection, {row.module_id for row in rows if row.rule == "stuck"})
    named: dict[tuple[UUID, UUID, str], list[Facts]] = {}
    for row in rows:
        quizzes = stuck_quizzes(
            row.details, lessons.get(row.module_id, ()), attempts.get(row.class_id)
        )
        named.setdefault((row.student_id, row.class_id, row.rule), []).append(
            Facts(row.module_id, row.module, row.shown_score, row.pass_mark, quizzes)
        )
    return named


def read_flags(written: Sequence[Mapping[str, Any]] | None) -> tuple[Flag, ...]:
    """Flags as the class page's table has them, each a JSON object."""
    return tuple(map(_read_flag, written or ()))


def _read_flag(written: Mapping[str, Any]) -> Flag:
    since = written["since"] and datetime.fromisoformat(written["since"])
    return Flag(**{**written, "class_id": UUID(written["class_id"]), "since": since})
