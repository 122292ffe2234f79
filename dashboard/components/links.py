"""Ways to another page (its name is its folder in views/ and its path in the URL), and to a file."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final
from urllib.parse import quote
from uuid import UUID

import streamlit as st

from dashboard.components.table import Link
from dashboard.components.text import notice
from data.reading.filters import FILTERS
from data.rules.flags import Reason
from data.rules.ids import as_uuid
from data.rules.roster import EMAIL

MIMES: Final = {
    "csv": "text/csv",
    "json": "application/json",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}
"""What a browser is told that a file is, by its ending."""

CLASS: Final = next(one.label for one in FILTERS if one.key == "class")


def to(page: str, label: str, **parameters: str) -> None:
    """A link to another page; `label` is ours and may be Markdown."""
    st.page_link(f"views/{page}/page.py", label=label, query_params=parameters)


def of_reason(reason: Reason, student_id: UUID) -> Link:
    """To the student's module that a reason is about, else to the class."""
    if reason.module_id is None:
        return Link(reason.sentence, "classroom", {"class": str(reason.class_id)})
    student = {"student": str(student_id), "module": str(reason.module_id)}
    return Link(reason.sentence, "student", student)


def mail_address(email: str | None) -> str | None:
    """As a `mailto:` link has it. What is no address names nobody: a mail program might read more into it."""
    return quote(email, safe="@+") if email and EMAIL.fullmatch(email) else None


def draw_ignored(labels: Sequence[str], instead: str = "") -> None:
    """What the address asks for and this page cannot show: the labels, and what class is shown instead."""
    sentences = []
    if CLASS in labels and instead:
        sentences.append(f"That class isn't available to you. Showing {instead} instead.")
        labels = [label for label in labels if label != CLASS]
    if labels:
        sentences.append(
            f"Ignored, because this link asks for what is not here: {', '.join(labels)}."
        )
    if sentences:
        notice(" ".join(sentences))


def named_in_address(parameter: str) -> UUID | None:
    """The id that the URL names, or None where it names none or nonsense."""
    return as_uuid(st.query_params.get(parameter, ""))


def number_in_address(parameter: str) -> int | None:
    """The whole number from 0 that the URL names, as PostgreSQL can hold it; None where it names none."""
    return whole_number(st.query_params.get(parameter, ""))


def whole_number(written: str) -> int | None:
    # "²" is a digit to Python and no number, and thousands of digits are too many for it.
    is_one = written.isascii() and written.isdigit() and len(written) < 19
    return int(written) if is_one else None


def write_address(changes: Mapping[str, str]) -> None:
    """Other values of these parameters of the URL; '' takes one away."""
    for name, value in changes.items():
        if value:
            st.query_params[name] = value
        else:
            st.query_params.pop(name, None)


def download(
    label: str,
    data: bytes | Callable[[], bytes],
    file_name: str,
    *,
    key: str,
    is_primary: bool = False,
) -> None:
    """The file, or what makes it at the click; the ending of its name says what it is."""
    st.download_button(
        label,
        data=data,
        file_name=file_name,
        mime=MIMES[file_name.rpartition(".")[2]],
        on_click="ignore",
        key=key,
        type="primary" if is_primary else "secondary",
    )
