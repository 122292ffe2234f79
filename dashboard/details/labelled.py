"""The facts of a type that has no renderer of its own: a row for each, as its model names them."""

from datetime import date, tzinfo

from dashboard.details.markup import Html, moment, number, pairs, plain, text, words, yes_or_no
from data.rules.details import Details


def render(details: Details, caption: str, zone: tzinfo) -> Html:
    """The facts that are recorded; a fact that is not has no row."""
    keys, labels = details.keys(), details.labels()
    # Without what the model does not know: it may hold what cannot be written at all.
    stored = details.model_dump(mode="json", by_alias=True, include=set(keys))
    values = ((name, getattr(details, name)) for name in keys)
    return pairs(
        caption,
        [
            (words(labels[name]), _drawn(value, stored[keys[name]], zone))
            for name, value in values
            if value not in (None, (), {}, frozenset())
        ],
    )


def _drawn(value: object, stored: object, zone: tzinfo) -> Html:
    if isinstance(value, bool):
        return yes_or_no(value)
    if isinstance(value, date):
        return moment(value, zone)
    if isinstance(value, int | float):
        return words(number(value))
    return text(value) if isinstance(value, str) else plain(stored)
