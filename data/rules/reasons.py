"""The reason that somebody gives for what they do: not too long, and of characters that can be stored."""

from typing import Final

from data.rules.progress import Problem

LONGEST_REASON: Final = 500

UNREADABLE: Final = Problem(None, "reason", "The reason holds a character that cannot be stored.")


def check_reason(reason: str | None, needed: str | None = None) -> Problem | None:
    """What is wrong with it, if anything; `needed` is the sentence where there must be one and is none."""
    reason = (reason or "").strip()
    if needed is not None and not reason:
        return Problem(None, "reason", needed)
    if len(reason) > LONGEST_REASON:
        sentence = f"The reason is too long: {LONGEST_REASON} characters at most."
        return Problem(None, "reason", sentence)
    return UNREADABLE if "\x00" in reason else None
