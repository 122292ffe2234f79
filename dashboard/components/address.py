"""The class page's address: filters and arrangement live in the URL, and nowhere else."""

from typing import Any

import streamlit as st

from dashboard.components.formats import zone
from dashboard.pages import ARRANGED, CELL
from dashboard.pages import DAY as DAY
from data.reading.classes.arrangement import Arrangement, read_arrangement, write_arrangement
from data.reading.filters import Chosen, read_filters, write_filters


def filters() -> tuple[dict[str, Any], list[str]]:
    """The filters the URL asks for, and the labels of those that could not be read."""
    return read_filters(st.query_params.to_dict(), zone())


def arrangement() -> Arrangement:
    """The arrangement the URL asks for."""
    return read_arrangement(st.query_params.to_dict())


def day() -> str:
    """The past day the URL asks for, as it is written; '' asks for now."""
    return st.query_params.get(DAY, "")


def write_day(written: str) -> None:
    """Another day; everything else stays. '' is now."""
    write_chosen(filters()[0], written)


def write_chosen(chosen: Chosen, on_day: str | None = None) -> None:
    """Other filters; the arrangement stays, and the day where none is given."""
    _write(chosen, day() if on_day is None else on_day, arrangement())


def write_arranged(wanted: Arrangement) -> None:
    """Another arrangement; the filters and the day stay."""
    _write(filters()[0], day(), wanted)


def _write(chosen: Chosen, on_day: str, wanted: Arrangement) -> None:
    """And the cell whose panel is open, which stays."""
    besides = {DAY: on_day, CELL: st.query_params.get(CELL, "")}
    at = {name: written for name, written in besides.items() if written}
    st.query_params.from_dict(write_filters(chosen) | at | write_arrangement(wanted))


def parameters() -> dict[str, str]:
    """The whole address as a saved view keeps it."""
    written = st.query_params.to_dict()
    return {key: written[key] for key in ARRANGED if key in written}


def go_to(saved: dict[str, str]) -> None:
    """The address of a saved view, or of the last time."""
    st.query_params.from_dict({key: saved[key] for key in ARRANGED if key in saved})
