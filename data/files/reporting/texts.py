"""Stored texts on their way onto paper: as they are, but for what paper cannot hold."""

import re
import unicodedata
from typing import Any, Final

LONGEST_NAME: Final = 200
LONGEST_LINE: Final = 10_000
REPLACEMENT: Final = "\ufffd"

JOINERS: Final = "\u200c\u200d"
"""Invisible, and yet they shape letters: they stay."""

BREAK: Final = "\u200b"
STRETCH: Final = 20  # characters that fit into the narrowest column

# Han, kana, hangul and Thai break between any two words without our help.
_ENDLESS: Final = re.compile(
    rf"[^\s\u0e00-\u0e7f\u1100-\u11ff\u2e80-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]{{{STRETCH + 1},}}"
)
_KANA: Final = re.compile(r"[\u3041-\u30ff\u31f0-\u31ff]")
_HANGUL: Final = re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]")

Text = str | dict[str, Any]
"""A text as the template takes it: one that needs it comes with its direction and its kind of Han."""


def stored(text: str | None, otherwise: str = "", longest: int = LONGEST_NAME) -> Text:
    """A stored text on one line. Empty ones, and what cannot be seen, are `otherwise`."""
    line = " ".join(visible(text or "").split())
    if len(line) > longest:
        line = f"{line[: longest - 1].rstrip()}…"
    if not line.strip(JOINERS):
        line = otherwise
    broken = _ENDLESS.sub(lambda found: _with_breaks(found.group()), line)
    rtl, han = is_right_to_left(line), han_of(line)
    return {"text": broken, "rtl": rtl, "han": han} if rtl or han != "SC" else broken


def paragraphs(text: str) -> list[Text]:
    """A stored text of several lines, the empty ones left out."""
    lines = [stored(line, longest=LONGEST_LINE) for line in text.splitlines()]
    return [line for line in lines if line]


def plain(text: str | None, otherwise: str) -> str:
    """The same for where only characters count, such as the title of the file."""
    one = stored(text, otherwise)
    return (one if isinstance(one, str) else str(one["text"])).replace(BREAK, "")


def visible(text: str) -> str:
    """Without what only steers the writing: its direction, or how an emoji is drawn."""
    return "".join(map(_visible, unicodedata.normalize("NFC", text)))


def _visible(one: str) -> str:
    category = unicodedata.category(one)
    if category in ("Cc", "Zl", "Zp"):
        return " "
    if category == "Cs":
        return REPLACEMENT
    invisible = category == "Cf" or "\ufe00" <= one <= "\ufe0f"
    return "" if invisible and one not in JOINERS else one


def is_right_to_left(text: str) -> bool:
    """By its first letter that has a direction, as browsers decide it."""
    directions = map(unicodedata.bidirectional, text)
    return next((one in ("R", "AL") for one in directions if one in ("L", "R", "AL")), False)


def han_of(text: str) -> str:
    """Whose Han is it? Kana are Japanese and hangul Korean; alone it is drawn as in simplified Chinese."""
    if _KANA.search(text):
        return "JP"
    return "KR" if _HANGUL.search(text) else "SC"


def _with_breaks(word: str) -> str:
    """Places where a line may end, never between a letter and its marks."""
    parts, since = [word[:1]], 1
    for one in word[1:]:
        if since >= STRETCH and not unicodedata.combining(one) and one not in JOINERS:
            parts.append(BREAK)
            since = 0
        parts.append(one)
        since += 1
    return "".join(parts)
