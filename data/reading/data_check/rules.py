"""What cannot be right in a row as the platform left it: one row a rule, and what could be done about it.

A fix is a proposal: it goes through the preview and `save()` like any other edit, and never by itself. Where
nobody can know the truth, there is none.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from data.reading.data_check.finding import CheckRule, Finding
from data.rules.details import MODULE_TYPES
from data.rules.progress import HIGHEST, LOWEST, Field, Status, Values


def _date_by_activity(finding: Finding, now: datetime) -> Values:
    if finding.values[Field.STATUS] is not Status.COMPLETED:
        return _no_date(finding, now)
    known = finding.idle_since
    return {} if known is None else {Field.COMPLETED_AT: min(known, now)}


def _no_date(finding: Finding, _now: datetime) -> Values:
    # A date that nobody can read goes with the completion only: there is nothing that could be cleared.
    return {} if finding.values[Field.COMPLETED_AT] is None else {Field.COMPLETED_AT: None}


def _date_of_handing_in(finding: Finding, _now: datetime) -> Values:
    known = finding.handed_in_at
    return {} if known is None else {Field.COMPLETED_AT: known}


def _in_progress(finding: Finding, _now: datetime) -> Values:
    # At 100 it may as well be completed; and what staff set back was meant.
    if finding.values[Field.PERCENTAGE] == 100 or finding.edited_by_staff:
        return {}
    return {Field.STATUS: Status.IN_PROGRESS}


def _listed(names: Iterable[str]) -> str:
    """Our own names as SQL has them in a list."""
    return ", ".join(f"'{name}'" for name in names)


_SEVERAL: Final = frozenset({"score", "time_spent_seconds", "passed"})
"""What several types of module record, in one way or another."""


def _own_keys() -> dict[str, tuple[str, ...]]:
    """What only one type of module records, by the type."""
    keys = {each.key: each.model.keys().values() for each in MODULE_TYPES.values()}
    known = Counter(key for of_type in keys.values() for key in of_type)
    return {
        module_type: tuple(key for key in of_type if known[key] == 1 and key not in _SEVERAL)
        for module_type, of_type in keys.items()
    }


_KEYS: Final = _own_keys()
_SCORED: Final = _listed(each.key for each in MODULE_TYPES.values() if each.scored)
_HANDED_IN: Final = _listed(kind for kind, keys in _KEYS.items() if "submitted_at" in keys)


def _has_keys_of(kinds: Iterable[str]) -> str:
    return f"progress_details ?| array[{_listed(key for kind in kinds for key in _KEYS[kind])}]"


def _others(kind: str) -> Iterable[str]:
    return (other for other in _KEYS if other != kind)


def _of_another_type() -> str:
    cases = " ".join(
        f"when '{kind}' then {_has_keys_of(_others(kind))} and not {_has_keys_of([kind])}"
        for kind in _KEYS
    )
    return f"jsonb_typeof(progress_details) = 'object' and case module_type {cases} end"


# With its zone, and days of 24 hours: what is found when a row is written must not hang on who writes it.
_READABLE: Final = "completed_at >= '1970-01-01 00:00Z' and completed_at < '10000-01-01 00:00Z'"

RULES: Final = (
    CheckRule(
        "completed_without_date",
        "Completed without a date",
        "The module is completed, but has no completion date.",
        "status = 'Completed' and completed_at is null",
        ("status", "completed_at"),
        "The completed date becomes the day of the last work known.",
        _date_by_activity,
    ),
    CheckRule(
        "date_without_completion",
        "A completed date without completion",
        "There is a completed date, but the module is not completed.",
        # Of a status of the platform's own nobody knows whether a date goes with it.
        f"status in ('NotStarted', 'InProgress') and {_READABLE}",
        ("status", "completed_at"),
        "The completed date is cleared.",
        _no_date,
    ),
    CheckRule(
        "completed_below_100",
        "Completed, but not at 100 percent",
        "The module is completed, but its percentage is not 100. (Assessments are left out: theirs may "
        "be the grade.)",
        "status = 'Completed' and progress_percentage is distinct from 100 "
        f"and module_type not in ({_SCORED})",
        ("status", "progress_percentage"),
        "The percentage becomes 100.",
        lambda finding, now: {Field.PERCENTAGE: 100},
    ),
    CheckRule(
        "in_progress_at_100",
        "In progress at 100 percent",
        "Everything was done, but the module is not completed. Open it: only you can tell which is right.",
        "status = 'InProgress' and progress_percentage = 100",
        ("status", "progress_percentage"),
    ),
    CheckRule(
        "not_started_above_0",
        "Not started, but above 0 percent",
        "The module counts as not started, but some of it was done.",
        "status = 'NotStarted' and progress_percentage > 0",
        ("status", "progress_percentage"),
        "The status becomes In progress, unless the percentage is 100 or staff set it.",
        _in_progress,
    ),
    CheckRule(
        "not_started_with_work",
        "Not started, but with work in it",
        "The module counts as not started, but lessons, answers or other work were recorded.",
        "status = 'NotStarted' and jsonb_typeof(progress_details) = 'object' "
        "and internal.has_work(progress_details)",
        ("status", "progress_details"),
        "The status becomes In progress, unless the percentage is 100 or staff set it.",
        _in_progress,
    ),
    CheckRule(
        "not_started_with_score",
        "Not started, but with a score",
        "The module counts as not started, but has a score: below the pass mark it is shown as failed.",
        "status = 'NotStarted' and score is not null",
        ("status", "score"),
        "The status becomes In progress, unless the percentage is 100 or staff set it.",
        _in_progress,
    ),
    CheckRule(
        "score_out_of_range",
        "Impossible score",
        "The score is below 0, above 100 or not a number. Find out what was meant.",
        f"score not between {LOWEST} and {HIGHEST} or shown_score not between {LOWEST} and {HIGHEST}",
        ("score", "shown_score"),
    ),
    CheckRule(
        "completed_in_future",
        "Completed in the future",
        "The completed date is in the future.",
        "status = 'Completed' and completed_at > now() and completed_at < '10000-01-01 00:00Z'",
        ("status", "completed_at"),
        "The completed date becomes the day of the last work known.",
        _date_by_activity,
    ),
    CheckRule(
        "completed_date_unreadable",
        "Impossible completion date",
        "The completed date is before 1970 or beyond any calendar.",
        f"completed_at is not null and not ({_READABLE})",
        ("status", "completed_at"),
        "The completed date becomes the day of the last work known, or is cleared where nothing is completed.",
        _date_by_activity,
    ),
    CheckRule(
        "completed_after_handing_in",
        "Completed later than handed in",
        "The completed date is more than a day after the assessment was handed in.",
        f"""
        status = 'Completed'
        and module_type in ({_HANDED_IN})
        and {_READABLE}
        and progress_details ? 'submitted_at'
        and internal.handed_in_at(progress_details) < completed_at - interval '24 hours'
        """,
        ("status", "completed_at"),
        "The completed date becomes the day it was handed in.",
        _date_of_handing_in,
    ),
    CheckRule(
        "last_update_unreadable",
        "Impossible time of last update",
        "The time of the last update is before 1970 or in the future. Any correction of the row fixes it.",
        "last_updated < '1970-01-01 00:00Z' or last_updated > now() + interval '24 hours'",
        ("last_updated",),
    ),
    CheckRule(
        "details_no_object",
        "Details that cannot be read",
        "What was recorded of the work cannot be read. Only the platform can correct it.",
        "jsonb_typeof(progress_details) not in ('object', 'null')",
        ("progress_details",),
    ),
    CheckRule(
        "details_of_another_type",
        "Details of another type of module",
        "What was recorded belongs to another type of module, such as answers in a course.",
        _of_another_type(),
        ("progress_details",),
    ),
    CheckRule(
        "not_in_class",
        "Progress in a module of no class",
        "The student is in no class that has this module (any more): this progress is not counted anywhere.",
        "not in_class",
        (),
    ),
)

RULES_BY_KEY: Final = {rule.key: rule for rule in RULES}
