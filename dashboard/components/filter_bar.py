"""The filters as a bar. The URL is the one truth: every run draws the controls from it, and a changed control
writes it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from dashboard.components import address
from dashboard.components.toolbar import Control, FiltersCleared, FilterSet, ToolbarEvent, toolbar
from data.reading.classes.overview import ClassOptions
from data.reading.filters import FILTERS, Chosen, Filter

FIRST = ("class", "name", "status", "attention")
"""These stand on the page, the others behind "More filters"."""

DAY_LABEL: Final = "As it stood on"


def draw(
    current: Chosen,
    options: ClassOptions,
    sentence: str,
    panels: Sequence[str],
    *,
    only_class: bool = False,
    with_day: bool = False,
    is_past: bool = False,
) -> str | None:
    """Every filter's control (or the class's alone), perhaps that of a past day, and the panels; returns the
    panel that is open. Where a past day is shown, filters of what is known only now are not offered."""
    return toolbar(
        key="filters",
        label="Filters",
        controls=[
            *(
                control(one, current, options)
                for one in _ordered()
                if one.scope == "class" or not (only_class or (is_past and one.only_now))
            ),
            *([_day_control()] if with_day else []),
        ],
        sentence=sentence,
        can_clear=(len(current) > 1 and not only_class) or (with_day and bool(address.day())),
        panels=panels,
        on_event=lambda event: _follow(event, current),
    )


def _ordered() -> list[Filter]:
    first = [one for key in FIRST for one in FILTERS if one.key == key]
    return first + [one for one in FILTERS if one.key not in FIRST]


def control(one: Filter, current: Chosen, options: Any) -> Control:
    """A filter's control; `options` has what it offers (see `Filter.choices`)."""
    names: Mapping[Any, str] = one.choices(options) if one.choices else {}
    return Control(
        one.key,
        one.label,
        one.kind,
        one.write(current[one.key]) if one.key in current else "",
        [(one.write(value), name) for value, name in names.items()],
        # A class is always chosen, of the others none need be.
        None if one.scope == "class" else "Any",
        one.help,
        one.key not in FIRST,
    )


def _day_control() -> Control:
    help_text = "The class at the end of a past day. Nothing can be changed there."
    return Control(address.DAY, DAY_LABEL, "date", address.day(), help=help_text, is_extra=True)


def _follow(event: ToolbarEvent, current: Chosen) -> None:
    match event:
        case FilterSet(address.DAY, written):
            address.write_day(written)
        case FilterSet(key, written):
            # With the class, even where it came by itself: another person's first class is another one.
            address.write_chosen(with_choice(current, key, written))
        case FiltersCleared():
            address.write_chosen({"class": current["class"]}, on_day="")


def with_choice(chosen: Chosen, key: str, written: str) -> dict[str, Any]:
    """The filters after one was given another value, as the URL writes it; '' or nonsense turns it off.

    Another class begins afresh with the modules.
    """
    one = next(each for each in FILTERS if each.key == key)
    wanted = dict(chosen)
    wanted.pop(key, None)
    if one.scope == "class":
        for other in FILTERS:
            if other.scope == "module":
                wanted.pop(other.key, None)
    try:
        return {**wanted, key: one.read(written)} if written else wanted
    except (ValueError, OverflowError):
        return wanted


def sentence(current: Chosen, options: ClassOptions, shown: int) -> str:
    """What is filtered, in words: 'Showing 3 of 28 students in 7 Blue, with …'."""
    parts = ", ".join(sentences(current, options))
    return f"Showing {shown:,} of {options.students:,} students {parts}."


def sentences(current: Chosen, options: Any) -> list[str]:
    """Each filter that is on, in words; the class first."""
    parts = []
    for one in FILTERS:
        if one.key in current:
            names: Mapping[Any, str] = one.choices(options) if one.choices else {}
            value = current[one.key]
            parts.append(one.sentence(value, names.get(value, str(value))))
    return parts
