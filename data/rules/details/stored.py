"""What was stored, read part by part: a malformed part is set aside with its path and raw value."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, PrivateAttr, ValidationError
from pydantic_core import ErrorDetails

Path = tuple[str | int, ...]
"""Keys and list positions from the top of the details down to one part."""


@dataclass(frozen=True)
class Unreadable:
    """One part that could not be read; `path` is () when the details as a whole are no object."""

    path: Path
    raw: object


class Stored(BaseModel):
    """A stored JSON object. Keys outside our vocabulary are kept in `unknown`, as they were."""

    model_config = ConfigDict(frozen=True, extra="allow")

    @classmethod
    def keys(cls) -> dict[str, str]:
        """The stored key of each field, by the field's name."""
        return {name: field.alias or name for name, field in cls.model_fields.items()}

    @classmethod
    def labels(cls) -> dict[str, str]:
        """What people read beside each field, by the field's name: its title, else its key in words."""
        return {
            name: cls.model_fields[name].title or in_words(key) for name, key in cls.keys().items()
        }

    @property
    def unknown(self) -> dict[str, object]:
        """Stored keys that this kind of object does not know, with their values."""
        return dict(self.model_extra or {})


class Details(Stored):
    """The details of one student in one module."""

    # Private, and set after reading: a field of this name could be filled by a stored key.
    _unreadable: tuple[Unreadable, ...] = PrivateAttr(default=())

    @property
    def unreadable(self) -> tuple[Unreadable, ...]:
        """Every part that could not be read, with where it stood."""
        return self._unreadable

    @property
    def other_facts(self) -> dict[Path, object]:
        """Unknown keys at every depth, by path."""
        return {(key,): value for key, value in self.unknown.items()}

    @property
    def is_empty(self) -> bool:
        """Nothing was recorded: no key, or keys with nothing in them."""
        known = {name: getattr(self, name) for name in type(self).model_fields}
        return not (
            self.other_facts
            or self.unreadable
            or any(value not in (None, (), {}, frozenset()) for value in known.values())
        )


def in_words(key: str) -> str:
    """A stored key as a person would write it: 'submitted_at' is 'Submitted at'."""
    words = key.replace("_", " ").strip()
    return words[:1].upper() + words[1:] if words else "(no name)"


Model = TypeVar("Model", bound=Details)


def read(model: type[Model], details: object) -> Model:
    """Read `details` (any JSON value, or None) as `model`. Never raises.

    What pydantic refuses is taken out, kept as `Unreadable`, and the rest is read again: each round
    takes something out, and as pydantic names all faults at once, there is rarely a third.
    """
    if details is None:
        return model()
    if not isinstance(details, dict):
        return _with(model(), [Unreadable((), details)])
    unreadable: list[Unreadable] = []
    rest: object = details
    while True:
        try:
            return _with(model.model_validate(rest), unreadable)
        except ValidationError as error:
            faults = error.errors(include_url=False, include_context=False, include_input=False)
            paths = _outermost(path for each in faults for path in _reach(rest, each))
            if () in paths:
                return _with(model(), [*unreadable, Unreadable((), rest)])
            unreadable += [Unreadable(path, _at(rest, path)) for path in paths]
            rest = _without(rest, paths)


def _with(read_details: Model, unreadable: list[Unreadable]) -> Model:
    read_details._unreadable = tuple(unreadable)
    return read_details


def _reach(part: object, fault: ErrorDetails) -> list[Path]:
    """The stored parts that a fault names.

    Its location may go further than what is stored: '[key]' for a fault in a key, tags for a union.
    """
    location = fault["loc"]
    if len(location) > 2 and location[-1] == "[key]":
        location = location[:-1]
    path: Path = ()
    for step in location:
        if not _has(part, step):
            break
        part = _at(part, (step,))
        path = (*path, step)
    if isinstance(part, dict) and fault["type"] == "string_unicode":
        # A key with half a surrogate pair, which pydantic cannot spell in the location.
        return [(*path, key) for key in part if not _is_unicode(key)] or [path]
    return [path]


def _has(part: object, step: str | int) -> bool:
    if isinstance(part, dict):
        return step in part
    return isinstance(part, list) and step in range(len(part))


def _is_unicode(key: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in key)


def _outermost(paths: Iterable[Path]) -> list[Path]:
    """Each path once, and none that lies inside another."""
    unique = dict.fromkeys(paths)
    return [
        path for path in unique if not any(path[:depth] in unique for depth in range(len(path)))
    ]


def _at(part: Any, path: Path) -> object:
    for step in path:
        part = part[step]
    return part


def _without(part: Any, paths: Iterable[Path]) -> object:
    """A copy of an object or list without the parts at `paths`; the rest of it is shared."""
    inside: dict[str | int, list[Path]] = defaultdict(list)
    for first, *others in paths:
        inside[first].append(tuple(others))

    def kept(step: str | int, value: object) -> object:
        return _without(value, inside[step]) if step in inside else value

    if isinstance(part, dict):
        return {key: kept(key, each) for key, each in part.items() if () not in inside.get(key, ())}
    return [kept(at, each) for at, each in enumerate(part) if () not in inside.get(at, ())]
