"""Which characters a file's bytes are: where it does not say, the words that we know decide."""

import codecs
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from charset_normalizer import from_bytes

from data.files.importing.cells.status_words import STATUS_TEXTS
from data.files.importing.sheet import UnreadableFile

ENCODINGS: Final = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "cp1252": "Windows-1252 (Western European)",
    "cp1250": "Windows-1250 (Central European)",
    "mac_roman": "Mac (Western European)",
    "iso8859_15": "ISO 8859-15 (Western European)",
    "iso8859_2": "ISO 8859-2 (Central European)",
    "cp1254": "Windows-1254 (Turkish)",
    "cp1257": "Windows-1257 (Baltic)",
    "cp1251": "Windows-1251 (Cyrillic)",
    "cp1253": "Windows-1253 (Greek)",
    "cp1255": "Windows-1255 (Hebrew)",
    "cp1256": "Windows-1256 (Arabic)",
    "koi8_u": "KOI8 (Cyrillic)",
    "mac_latin2": "Mac (Central European)",
    "mac_cyrillic": "Mac (Cyrillic)",
    "mac_greek": "Mac (Greek)",
    "mac_turkish": "Mac (Turkish)",
    "cp850": "DOS 850 (Western European)",
    "cp852": "DOS 852 (Central European)",
    "cp866": "DOS 866 (Cyrillic)",
    "cp932": "Shift JIS (Japanese)",
    "euc_jp": "EUC (Japanese)",
    "gb18030": "GB 18030 (Chinese)",
    "big5hkscs": "Big5 (Chinese)",
    "cp949": "Korean",
    "cp874": "Windows-874 (Thai)",
}
"""What a person may choose, by Python's name; the likelier first."""

Known = Callable[[], Iterable[str]]
_WESTERN: Final = "cp1252"
_GUESSED: Final = tuple(one for one in ENCODINGS if not one.startswith("utf"))
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig", "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16"),
)
NOT_TEXT: Final = "This file is not a table. Save it as CSV or XLSX, and choose it again."
# What no text holds: the second half of Latin-1's controls is what a wrong guess leaves.
_CONTROLS: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_WORD: Final = re.compile(r"\w+")
_SAMPLE: Final = 64 * 1024


@dataclass(frozen=True)
class Text:
    """What a file says, in which encoding, and whether that had to be guessed."""

    text: str
    encoding: str
    is_guessed: bool = False

    @property
    def sentence(self) -> str:
        """'The text is UTF-8.'"""
        name = ENCODINGS[self.encoding]
        return f"The text is taken for {name}." if self.is_guessed else f"The text is {name}."


def decode(content: bytes, chosen: str | None = None, known: Known = tuple) -> Text:
    """A file's text, in the chosen encoding or the likeliest. Raises UnreadableFile.

    `known` gives texts that may well be in it, such as names of students; it is asked only where it matters.
    """
    if chosen is not None:
        return _chosen(content, chosen)
    for mark, codec, encoding in _BOMS:
        if content.startswith(mark):
            return Text(_as_declared(content, codec, encoding), encoding)
    padded = content.rstrip(b"\x00\x1a")  # DOS marks the end, some programs fill the last block
    content = content if b"\x00" in padded else padded
    if b"\x00" in content:
        return _without_mark(content)
    try:
        return Text(content.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        _refuse_mixed(content)
        return _likeliest(content, known())


def _refuse_mixed(content: bytes) -> None:
    """Most lines are UTF-8, and one is not: whichever encoding was taken, names would be wrong."""
    foreign = [(at, one) for at, one in enumerate(content.splitlines(), 1) if not one.isascii()]
    others = [at for at, one in foreign if _readable(one, "utf-8") is None]
    if 2 * len(others) < len(foreign):
        raise UnreadableFile(
            f"Line {others[0]} is not UTF-8, as the other lines are. Correct its characters, and save the file "
            "as CSV UTF-8."
        )


def _as_declared(content: bytes, codec: str, encoding: str) -> str:
    try:
        return content.decode(codec)
    except UnicodeDecodeError:
        raise UnreadableFile(
            f"The file says that it is {ENCODINGS[encoding]}, but is not. Save it as CSV UTF-8."
        ) from None


def _chosen(content: bytes, chosen: str) -> Text:
    try:
        return Text(content.decode(chosen).removeprefix("\ufeff"), chosen)
    except UnicodeDecodeError:
        raise UnreadableFile(
            f"The text is not {ENCODINGS[chosen]}. Choose another encoding."
        ) from None


def _without_mark(content: bytes) -> Text:
    """UTF-16 that does not say so: every other byte of a Latin text is nothing."""
    odd, even = content[1::2].count(0), content[::2].count(0)
    codec = "utf-16-le" if odd > even else "utf-16-be"
    try:
        text = content.decode(codec)
    except UnicodeDecodeError:
        raise UnreadableFile(NOT_TEXT) from None
    if max(odd, even) < len(content) / 8 or _CONTROLS.search(text):
        raise UnreadableFile(NOT_TEXT)
    return Text(text, "utf-16", is_guessed=True)


def _likeliest(content: bytes, known: Iterable[str]) -> Text:
    """That in which most of the words that we know are there; else what its letters look like."""
    sample = b"\n".join(_foreign_lines(content))
    readable = {one: text for one in _GUESSED if (text := _readable(sample, one)) is not None}
    words = _foreign_words(" ".join([*known, *STATUS_TEXTS]))
    found = {one: len(_foreign_words(text) & words) for one, text in readable.items()}
    best = (
        max(found, key=found.__getitem__) if any(found.values()) else _by_letters(sample, readable)
    )
    text = _readable(content, best) if best else None
    if best is None or text is None:
        raise UnreadableFile(NOT_TEXT)
    return Text(text, best, is_guessed=True)


def _by_letters(sample: bytes, readable: Iterable[str]) -> str | None:
    """What charset-normalizer takes it for. Of a few words it cannot tell: then Windows' own of the West."""
    possible = list(readable)
    matches = from_bytes(sample, cp_isolation=possible) if possible else ()
    likely = [one.encoding for one in matches if one.encoding in possible]
    if _WESTERN in possible and (_WESTERN in likely or not likely):
        return _WESTERN
    return next(iter([*likely, *possible]), None)


def _foreign_lines(content: bytes) -> Iterator[bytes]:
    """The lines that tell encodings apart, as many as are enough."""
    size = 0
    for line in content.splitlines():
        if not line.isascii():
            yield line
            size += len(line)
        if size > _SAMPLE:
            return


def _readable(content: bytes, encoding: str) -> str | None:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if _CONTROLS.search(text) else text


def _foreign_words(text: str) -> set[str]:
    return {word.casefold() for word in _WORD.findall(text) if not word.isascii()}
