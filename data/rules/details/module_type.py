"""What the product knows of one type of module."""

from dataclasses import dataclass

from data.rules.details.stored import Details


@dataclass(frozen=True)
class ModuleType:
    """One type: `key` is its name, trimmed and in small letters; `model` reads its details, and the title of
    a field there is its label on every page.

    Where a type is `scored`, its percentage may be the grade: completing it leaves the percentage alone, and
    pages show the score. `personal` are stored keys that say nothing of a class together.
    """

    key: str
    label: str
    model: type[Details]
    scored: bool = False
    personal: tuple[str, ...] = ()
