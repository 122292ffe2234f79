"""Words as somebody in a hurry types them: what does not count is folded away before two are compared."""

import unicodedata
from functools import lru_cache
from typing import Final

# Letters that Unicode does not take apart into a letter and an accent, and signs that join a word.
_LETTERS: Final = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
    | dict.fromkeys("'’‘ʼ`´", "")
)
_ASCII: Final = str.maketrans(
    {chr(code): " " for code in range(128) if not chr(code).isalnum() and chr(code) != "%"}
    | {"'": None, "`": None}
)
_ACCENTS: Final = range(0x300, 0x370)


@lru_cache(maxsize=100_000)
def fold(written: str) -> str:
    """Small letters without accents, punctuation or invisible characters; one space between words.

    Marks of other scripts stay: there they are vowels, and make another name.
    """
    if written.isascii():
        return " ".join(written.lower().translate(_ASCII).split())
    joined = written.translate(_LETTERS)
    apart = unicodedata.normalize("NFKD", joined).casefold().translate(_LETTERS)
    plain = "".join(_kept(each) for each in apart)
    return " ".join(unicodedata.normalize("NFC", plain).split())


def _kept(letter: str) -> str:
    kind = unicodedata.category(letter)
    if ord(letter) in _ACCENTS or kind in {"Cf", "Cs"}:
        return ""
    return letter if kind[0] in "LNM" or letter == "%" else " "


def visible(written: str) -> str:
    """Without what nobody sees at the ends: spaces, zero-width characters, soft hyphens."""
    if written.isascii():
        return written.strip()
    return "".join(each for each in written if unicodedata.category(each) != "Cf").strip()
