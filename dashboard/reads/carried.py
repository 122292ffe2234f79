"""What goes along to the next page, where its address says nothing: the class, what narrows it, the period.

PAGES says which parameters of a page's address go along, and under which name other pages know them.
"""

from typing import Final
from urllib.parse import urlencode
from uuid import UUID

import streamlit as st

from dashboard import pages, reads
from dashboard.pages import CLASS, FIRST_DAY, LAST_DAY, MODULE_OF_STUDENT, PERIOD, STUDENT, Page
from data.rules.ids import as_uuid

CARRIED: Final = "carried"
HERE: Final = "carried_to"
ALL: Final = "all"
OF_STUDENT: Final = {STUDENT, MODULE_OF_STUDENT}
OF_PERIOD: Final = {PERIOD, FIRST_DAY, LAST_DAY}
OF_PAGE: Final = ("cell_panel",)
"""What the session keeps until another page is opened."""


def follow(page: Page, *, is_step_back: bool = False) -> None:
    """Give this page, where it was opened without an address, what goes along; else what its address says goes
    along from here. Who comes back to a page finds it as it was. Of a student nothing goes further than to the
    next page."""
    is_other = st.session_state.get(HERE) != page.name
    is_arriving = is_other and not is_step_back
    if is_other:
        for name in OF_PAGE:
            st.session_state.pop(name, None)
    st.session_state[HERE] = page.name
    goes = _goes_along()
    for name in OF_STUDENT - set(page.carries.values()):
        goes.pop(name, None)
    if not st.query_params and (is_arriving or page.needs_class):
        st.query_params.from_dict(address_of(page.name))
    else:
        take()


def address_of(name: str) -> dict[str, str]:
    """The parameters with which the page of this name is opened where nothing else is asked for."""
    goes = _goes_along()
    # A period that has a name is asked for by that, and not by its days.
    said_so = (
        OF_PERIOD - {PERIOD} if PERIOD in goes and PERIOD in _page(name).carries.values() else set()
    )
    return {
        parameter: goes.get(known, ALL)
        for parameter, known in _page(name).carries.items()
        if known in goes.keys() - said_so or _all(known, name) in goes
    }


def take() -> None:
    """What the address says goes along from here. The class does once it is shown."""
    goes, asked = _goes_along(), _asked()
    known = set(_page().carries.values()) - {CLASS}
    days = goes.get(FIRST_DAY), goes.get(LAST_DAY)
    for name in known | {_all(one, _page().name) for one in known}:
        goes.pop(name, None)
    goes.update(asked)
    if (
        FIRST_DAY in known
        and days != (goes.get(FIRST_DAY), goes.get(LAST_DAY))
        and PERIOD not in asked
    ):
        goes.pop(PERIOD, None)


def keep(name: str, written: str) -> None:
    """Have this go along, which no address of here says; '' forgets."""
    _goes_along().pop(name, None)
    if written:
        _goes_along()[name] = written


def remember(class_id: UUID) -> None:
    """This class is shown, to the person who is there. Of another one only what the address says and the period
    go further."""
    goes = _goes_along()
    if goes.get(CLASS) != str(class_id):
        for name in goes.keys() - _asked().keys() - OF_PERIOD:
            del goes[name]
    goes[CLASS] = str(class_id)


def remember_days(first: str, last: str = "") -> None:
    """These days are shown, without being written in the address as an address has them; '' is today."""
    goes = _goes_along()
    days = {FIRST_DAY: first} | ({LAST_DAY: last} if last else {})
    for name in OF_PERIOD - _asked().keys():
        goes.pop(name, None)
    goes.update(days)


def last_shown() -> UUID | None:
    """The class that this person was shown last."""
    return as_uuid(_goes_along().get(CLASS, ""))


def ways(page: Page) -> tuple[dict[str, str], str]:
    """The addresses' queries with which each page is opened from this one, and what this one shows without its
    address saying so."""
    further = {one.name: urlencode(address_of(one.name)) for one in pages.PAGES if one.carries}
    class_id = last_shown() if page.needs_class else None
    return further, urlencode({"class": class_id}) if class_id else ""


def _goes_along() -> dict[str, str]:
    """By the names of PAGES; the demo may have another person in the same tab."""
    actor = reads.visit().actor.id
    goes: dict[str, str]
    person, goes = st.session_state.get(CARRIED, (None, {}))
    if person != actor:
        goes = {}
        st.session_state[CARRIED] = actor, goes
    return goes


def _page(name: str | None = None) -> Page:
    name = name or st.session_state.get(HERE, pages.PAGES[0].name)
    return next(page for page in pages.PAGES if page.name == name)


def _asked() -> dict[str, str]:
    """What the address says of what goes along."""
    page = _page()
    written = {known: st.query_params.get(one, "") for one, known in page.carries.items()}
    return {
        _all(known, page.name) if value == ALL else known: value
        for known, value in written.items()
        if value and known != CLASS
    }


def _all(known: str, page: str) -> str:
    """That the page of this name shows all of it, of which no other hears."""
    return f"{known} of {page}"
