"""Files on their way in: each is held in memory until its page is left, so few are held: of a page, of a person
over all pages, and of all people together."""

import asyncio
from collections.abc import Collection, Iterator
from typing import Final
from uuid import UUID
from weakref import WeakValueDictionary

from dashboard.web.private import files
from dashboard.web.private.files import HeldFile

MOST: Final = 3
"""The page reads a file when it comes; what came before it is not looked at again."""

MOST_OF_A_PERSON: Final = 60 * 1024**2
MOST_IN_ALL: Final = 300 * 1024**2

AT_ONCE: Final = 2
"""Files of one person that are being sent; the next ones wait."""

_order: dict[HeldFile, None] = {}
_lanes: WeakValueDictionary[UUID, asyncio.Semaphore] = WeakValueDictionary()


def lane(person: UUID) -> asyncio.Semaphore:
    """In which this person's files come in."""
    return _lanes.setdefault(person, asyncio.Semaphore(AT_ONCE))


def keep_few(page: str, pages: Collection[str]) -> None:
    """Forget the oldest of too many, after a file has come for a page; `pages` are all of its person."""
    sizes = files.held_files()
    _keep_in_order(sizes)
    too_many = [one for one in _order if one.page == page][:-MOST]
    own = [one for one in _order if one.page in pages]
    for held, most in ((own, MOST_OF_A_PERSON), (list(_order), MOST_IN_ALL)):
        too_many += _first_beyond([one for one in held if one not in too_many], sizes, most)
    for old in too_many:
        files.forget_file(old)
        del _order[old]


def _keep_in_order(sizes: dict[HeldFile, int]) -> None:
    for gone in [one for one in _order if one not in sizes]:
        del _order[gone]
    _order.update(dict.fromkeys(sizes))


def _first_beyond(
    held: list[HeldFile], sizes: dict[HeldFile, int], most: int
) -> Iterator[HeldFile]:
    beyond = sum(sizes[one] for one in held) - most
    for old in held[:-1]:
        if beyond <= 0:
            return
        yield old
        beyond -= sizes[old]
