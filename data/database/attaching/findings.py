"""What was found out about a school's own database before anything is made in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

Severity = Literal["stop", "consent", "note", "proved"]

HEADINGS: Final[dict[Severity, str]] = {
    "stop": "This keeps it from being attached:",
    "consent": "This needs your agreement:",
    "note": "This is worth knowing:",
    "proved": "This was tried, and taken back. “Allowed” is what this program's rules allow, counted from "
    "the school's own tables:",
}


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
    """For a terminal: what stops it first, a line each."""
    found = list(findings)
    parts = []
    for severity, heading in HEADINGS.items():
        lines = [f"- {one.sentence}" for one in found if one.severity == severity]
        if lines:
            parts.append("\n".join([heading, *lines]))
    return "\n\n".join(parts)


def as_data(findings: Iterable[AttachFinding]) -> list[dict[str, Any]]:
    """For programs, in the order in which they were found."""
    return [asdict(one) for one in findings]
