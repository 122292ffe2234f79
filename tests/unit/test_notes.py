"""What a note may say, and the sentence where it may not."""

from datetime import date

import pytest

from data.rules.progress import Problem
from data.writing import notes
from data.writing.notes import CHANNELS, LONGEST_NOTE, UNSEEN, Content, check_note

DAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    "written",
    [
        "Reads well",
        "Two lines\r\nand a\ttab",
        "a" * LONGEST_NOTE,
        f"  {'a' * LONGEST_NOTE}\n\n",
        "<script>alert(1)</script> **bold** [a](http://b) =1+1 ' ; -- %s :x {y} \\",
        "حضر الاجتماع مع والده، الساعة 10\u200f.",
        "می\u200cخواهم",
        "👩\u200d🏫 Ångström 李小龍 \u00ad",
    ],
)
def test_plain_text_of_any_script_is_a_note(written: str) -> None:
    assert check_note(Content(written)) is None
    for channel in CHANNELS:
        assert check_note(Content(written, channel, DAY)) is None


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (Content(""), notes.EMPTY),
        (Content(" \r\n\t\u00a0\u2003"), notes.EMPTY),
        (Content("a" * (LONGEST_NOTE + 1)), notes.TOO_LONG),
        (Content("a", "pigeon", DAY), notes.UNKNOWN_KIND),
        (Content("a", "", DAY), notes.UNKNOWN_KIND),
        (Content("a", "phone"), notes.NO_DAY),
    ],
)
def test_what_cannot_be_a_note_is_told_in_words(content: Content, problem: Problem) -> None:
    assert check_note(content) == problem


@pytest.mark.parametrize(
    "unseen",
    ["\x00", "\x07", "\x1b", "\x7f", "\x9b", "\u200b", "\u202e", "\u2066", "\ufeff", "\ud800",
     "\U000e0041"],
)  # fmt: skip
def test_a_character_that_cannot_be_seen_is_told_with_its_place(unseen: str) -> None:
    found = check_note(Content(f"First line\nThe second {unseen}line"))
    assert found is not None
    assert found.code == "unseen"
    assert found.message.startswith(
        f"Line 2 holds a character that cannot be seen, after “second” (U+{ord(unseen):04X})."
    )
    assert not UNSEEN.search(found.message)
    alone = check_note(Content(f"a{unseen}"))
    assert alone is not None
    assert "after “a”" in alone.message
