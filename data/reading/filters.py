"""The filters of the class page. One row a filter: its widget, URL key, SQL and sentence all follow from it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, tzinfo
from decimal import Decimal
from typing import Any, Final, Literal
from uuid import UUID

from data.i18n.dates import long_date
from data.rules.details import type_key
from data.rules.progress import Status, in_range

NEEDED: Final = "needed"

Kind = Literal["choice", "tick", "text", "range", "date"]
Scope = Literal["class", "student", "module", "cell"]
Chosen = Mapping[str, Any]
"""Filter values by key, parsed; a filter that is off has no key."""


class UnreadableValueError(ValueError):
    """A value in a link that no filter could have written."""


@dataclass(frozen=True)
class Relation:
    """What a question calls the students, modules or cells that filters narrow, and which columns it has."""

    alias: str
    columns: frozenset[str]


@dataclass(frozen=True)
class Filter:
    """One filter; what is known `only_now` is none of a past day.

    `read` turns the URL's text into a value (or raises ValueError), `write` turns it back. `clause` is SQL with
    `parameters(value)`; `scope` is what it narrows, `{it}` the relation that a question has these in.
    `sentence(value, name)` says it in words, where `name` is the chosen option's label.
    """

    key: str
    label: str
    kind: Kind
    scope: Scope
    clause: str
    read: Callable[[str], Any]
    sentence: Callable[[Any, str], str]
    write: Callable[[Any], str] = str
    parameters: Callable[[Any], dict[str, Any]] | None = None
    choices: Callable[[Any], Mapping[Any, str]] | None = field(default=None, repr=False)
    help: str | None = None
    only_now: bool = False

    def clause_on(self, relation: Relation) -> str:
        """The SQL where this relation is narrowed. Raises ValueError where that lacks a column."""
        lacking = set(re.findall(r"\{it\}\.(\w+)", self.clause)) - relation.columns
        if lacking:
            raise ValueError(f"{relation.alias} has no {', '.join(sorted(lacking))}: {self.key}")
        return self.clause.format(it=relation.alias)

    def bind(self, value: Any) -> dict[str, Any]:
        """The SQL parameters of the clause."""
        return self.parameters(value) if self.parameters else {self.key: value}


def _read_text(written: str) -> str:
    text = written.strip()
    if not text or len(text) > 100 or "\x00" in text:
        raise UnreadableValueError(written)
    # A lone surrogate can be in a string, but not in a query.
    text.encode("utf-8")
    return text


def _read_range(written: str) -> tuple[float, float]:
    low, _, high = written.partition("-")
    values = float(low), float(high)
    if not all(map(in_range, values)) or values[0] > values[1]:
        raise UnreadableValueError(written)
    return values


def _digits(number: float) -> str:
    # Never as 1e-05, whose sign would read as the range's.
    return f"{Decimal(repr(number)).normalize():f}"


def _read_type(written: str) -> str:
    return type_key(_read_text(written))


def _read_needed(written: str) -> str:
    if written != NEEDED:
        raise UnreadableValueError(written)
    return written


def _status_names(_: Any) -> Mapping[Any, str]:
    return {status: status.label for status in Status}


FILTERS: Final = (
    Filter(
        key="class",
        label="Class",
        kind="choice",
        scope="class",
        clause="{it}.class_id = :class",
        read=UUID,
        sentence=lambda value, name: f"in {name}",
        choices=lambda options: options.classes,
    ),
    Filter(
        key="name",
        label="Student name",
        kind="text",
        scope="student",
        clause="internal.is_meant({it}.full_name, :name)",
        read=_read_text,
        sentence=lambda value, name: f"whose name contains “{value}”",
        help="Parts of a name, in any order; accents, hyphens and capitals do not matter.",
    ),
    Filter(
        key="type",
        label="Module type",
        kind="choice",
        scope="module",
        clause="{it}.type = :type",
        read=_read_type,
        sentence=lambda value, name: f"modules of type {name.lower()}",
        choices=lambda options: options.types,
    ),
    Filter(
        key="module",
        label="Module",
        kind="choice",
        scope="module",
        clause="{it}.id = :module",
        read=UUID,
        sentence=lambda value, name: f"module {name}",
        choices=lambda options: options.modules,
    ),
    Filter(
        key="status",
        label="Status",
        kind="choice",
        scope="cell",
        clause="coalesce({it}.status, 'NotStarted') = cast(:status as public.progress_status)",
        read=Status.of_ours,
        sentence=lambda value, name: f"with a module that is {name.lower()}",
        choices=_status_names,
        help="Students with at least one of the shown modules in this status.",
    ),
    Filter(
        key="attention",
        label="Needs attention only",
        kind="tick",
        scope="student",
        clause="{it}.flags is not null",
        read=_read_needed,
        sentence=lambda value, name: "who need attention",
        parameters=lambda value: {},
        choices=lambda options: {NEEDED: "Needs attention"},
        help="Students who need attention in this class by any rule, whichever modules are shown.",
        only_now=True,
    ),
    Filter(
        key="score",
        label="Score",
        kind="range",
        scope="cell",
        clause="{it}.shown_score between :score_from and :score_to",
        read=_read_range,
        write=lambda value: "-".join(map(_digits, value)),
        parameters=lambda value: {"score_from": value[0], "score_to": value[1]},
        sentence=lambda value, name: (
            f"with a score from {_digits(value[0])} to {_digits(value[1])}"
        ),
        help="Students with at least one of the shown modules in this range, 0 to 100.",
    ),
    Filter(
        key="since",
        label="Active since",
        kind="date",
        scope="student",
        clause="{it}.last_activity >= :since",
        read=date.fromisoformat,
        write=lambda value: date(value.year, value.month, value.day).isoformat(),
        sentence=lambda value, name: f"active since {long_date(value)}",
        help="Students known to have been active in the shown modules on or after this day.",
    ),
)


def read_filters(
    written: Mapping[str, str], here: tzinfo = UTC
) -> tuple[dict[str, Any], list[str]]:
    """The filters a URL asks for, and the labels of those that could not be read; days begin as `here`."""
    chosen: dict[str, Any] = {}
    unread: list[str] = []
    for one in (each for each in FILTERS if each.key in written):
        try:
            value = one.read(written[one.key])
            is_day = one.kind == "date"
            chosen[one.key] = datetime.combine(value, time(), here) if is_day else value
        except (ValueError, OverflowError):
            unread.append(one.label)
    return chosen, unread


def fitting(asked: Chosen, options: Any) -> tuple[dict[str, Any], list[str]]:
    """The filters whose choice is on offer, and the labels of the others (an old link, another class)."""
    fits: dict[str, Any] = {}
    stale: list[str] = []
    for one in FILTERS:
        if one.key not in asked:
            continue
        if one.choices is not None and asked[one.key] not in one.choices(options):
            stale.append(one.label)
        else:
            fits[one.key] = asked[one.key]
    return fits, stale


def write_filters(chosen: Chosen) -> dict[str, str]:
    """The URL's text of each filter that is on."""
    return {one.key: one.write(chosen[one.key]) for one in FILTERS if one.key in chosen}


def narrows(chosen: Chosen, scope: Scope) -> bool:
    """Is a filter of this scope on?"""
    return any(one.scope == scope and one.key in chosen for one in FILTERS)


def where(chosen: Chosen, scope: Scope, relation: Relation) -> str:
    """SQL of the filters of one scope that are on, on the relation that the question has them in; each clause
    with `and` before it, '' where none is."""
    on = [one for one in FILTERS if one.scope == scope and one.key in chosen]
    return "".join(f" and {one.clause_on(relation)}" for one in on)


def parameters(chosen: Chosen) -> dict[str, Any]:
    """The parameters of every filter that is on."""
    on = [one for one in FILTERS if one.key in chosen]
    return {name: value for one in on for name, value in one.bind(chosen[one.key]).items()}
