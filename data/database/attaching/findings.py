"""What was found out about a school's own database before anything is made in it."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

from data.i18n.formats import count

Severity = Literal["stop", "consent", "note", "proved"]

HEADINGS: Final[dict[Severity, str]] = {
    "stop": "This keeps it from being attached:",
    "consent": "This needs your agreement:",
    "note": "This is worth knowing:",
    "proved": "This was tried as some people of each role, and taken back. Numbers are rows of progress; "
    "“allowed” is what this program's rules allow, counted from the school's own tables:",
}

AGREED: Final = {
    "self_written": "that people can make themselves more than they are",
    "roles": "who may sign in",
    "placed": "triggers on the progress table, and on those that the roster is read from",
    "removed": "triggers that go",
    "given_to_everybody": "what everybody may do on tables of the platform",
    "policy": "rules of the platform that do not bind this program",
    "trigger_as_writer": "triggers of the platform that run on what is saved here",
    "temporary": "a right that everybody loses in this database",
    "usage": "a right on the schema public",
    "demanded_columns": "columns that keep rows from being added",
    "login_there": "a login that is there already",
}
"""What can need agreement, the weightiest first."""

NOTED: Final = (
    *("made", "not_placed", "detach"),
    *("roles", "unknown_role", "staff_emails", "teachers_left_out", "students_left_out"),
    *("class_students_left_out", "rows_of_nobody", "rows_of_no_module", "student_numbers"),
    *("student_emails", "unknown_status", "exposed", "row_level_security", "truncate", "definers"),
    *("default_privileges", "authors", "address", "pooler", "index", "trigger", "check", "type"),
)
"""What is worth knowing, that which people will notice first; whatever is not here comes after it."""


@dataclass(frozen=True)
class AttachFinding:
    """One thing, as a code, how much it matters, and a sentence that says what it means and what to do."""

    code: str
    severity: Severity
    sentence: str


def stop(code: str, sentence: str) -> AttachFinding:
    """It cannot be attached before this is otherwise."""
    return AttachFinding(code, "stop", sentence)


def consent(code: str, sentence: str) -> AttachFinding:
    """It can, if whoever attaches it agrees."""
    return AttachFinding(code, "consent", sentence)


def note(code: str, sentence: str) -> AttachFinding:
    """It can, and this is how it will be."""
    return AttachFinding(code, "note", sentence)


def proved(code: str, sentence: str) -> AttachFinding:
    """It was tried and is as it must be."""
    return AttachFinding(code, "proved", sentence)


def in_words(findings: Iterable[AttachFinding]) -> str:
    """For a terminal: what comes of it, then what stops it, a line each, and the weightiest first."""
    found = sorted(findings, key=_weight)
    head = _verdict(found)
    parts = [head]
    for severity, heading in HEADINGS.items():
        told = [one.sentence for one in found if one.severity == severity]
        lines = [f"- {sentence}" for sentence in told if sentence not in head]
        if lines:
            parts.append("\n".join([heading, *lines]))
    return "\n\n".join(parts)


def _weight(one: AttachFinding) -> int:
    order = {"consent": tuple(AGREED), "note": NOTED}.get(one.severity, ())
    return order.index(one.code) if one.code in order else len(order)


def _verdict(found: list[AttachFinding]) -> str:
    if stops := sum(one.severity == "stop" for one in found):
        return f"It cannot be attached as it is, for {count(stops, 'reason', 'reasons')}."
    size = [one.sentence for one in found if one.code == "size"]
    asked = [one for one in found if one.severity == "consent"]
    agreed = (
        f"{count(len(asked), 'thing needs', 'things need')} your agreement, one by one, or all of them "
        f"unread by --yes: {'; '.join(dict.fromkeys(AGREED[one.code] for one in asked))}."
    )
    return " ".join(
        ["Nothing keeps this database from being attached.", *size, *([agreed] if asked else [])]
    )


def as_data(findings: Iterable[AttachFinding]) -> list[dict[str, Any]]:
    """For programs, in the order in which they were found."""
    return [asdict(one) for one in findings]
