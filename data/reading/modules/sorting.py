"""The orders that the students of one module can stand in. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from data.reading.classes.matrix import sort_key
from data.reading.modules.needs import InModule
from data.rules.cell import rank_of


@dataclass(frozen=True)
class Order:
    """One order. `by` is what students are sorted by, None where nothing is known; `upwards` and `downwards`
    say both ways in words. `begins` is how the first click sorts."""

    key: str
    words: str
    by: Callable[[InModule], Any]
    upwards: str = "lowest first"
    downwards: str = "highest first"
    begins: str = "-"


ORDERS: Final = (
    Order("name", "name", lambda one: sort_key(one.row.name), "A to Z", "Z to A", begins=""),
    Order(
        "status",
        "status",
        lambda one: rank_of(one.status),
        "not started first",
        "completed first",
    ),
    Order("progress", "progress", lambda one: one.cell.percentage),
    Order("score", "score", lambda one: one.cell.score),
    Order(
        "activity",
        "last activity",
        lambda one: one.row.last_activity,
        "longest ago first",
        "latest first",
    ),
)
BY_KEY: Final = {order.key: order for order in ORDERS}


@dataclass(frozen=True)
class Sorting:
    """One order, one way round; as the URL writes it, '-' before its key means downwards."""

    order: Order
    is_downwards: bool

    @property
    def words(self) -> str:
        """'by score, highest first'."""
        way = self.order.downwards if self.is_downwards else self.order.upwards
        return f"by {self.order.words}, {way}"


def read_sorting(written: str) -> Sorting | None:
    """What a URL asks for; None for nothing, or nonsense."""
    order = BY_KEY.get(written.removeprefix("-"))
    return None if order is None else Sorting(order, written.startswith("-"))


def next_click(order: Order, now: Sorting | None) -> str:
    """What a click on the order's heading asks for: its first way, then the other."""
    if now is None or now.order is not order:
        return f"{order.begins}{order.key}"
    return order.key if now.is_downwards else f"-{order.key}"


def in_order(students: Sequence[InModule], wanted: Sorting) -> list[InModule]:
    """The students so sorted, equals by name. Of whom nothing is known comes last, either way."""
    by, named = wanted.order.by, sorted(students, key=lambda one: sort_key(one.row.name))
    known = sorted(
        (one for one in named if by(one) is not None), key=by, reverse=wanted.is_downwards
    )
    return [*known, *(one for one in named if by(one) is None)]
