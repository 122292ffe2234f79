"""What a table's columns mean: as it was understood, and as a person says otherwise."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Final, Literal

import streamlit as st

from dashboard.components.text import alert, count, markdown_safe, paragraph
from dashboard.reads import roster
from dashboard.views.upload.state import Upload
from data.files.importing.cells.numbers import digits
from data.files.importing.columns.mapping import ModuleColumn, Sets
from data.files.importing.meanings import WHICH, Meaning
from data.files.importing.roster import KnownModule
from data.i18n.formats import unlike
from data.rules.details import type_label

NOT_USED: Final = "Not used"
A_MODULE: Final = "The values of a module"
MOST_COLUMNS: Final = 60
"""Each is a widget. Of more, those that mean something are shown, and any other can be chosen."""
SETS: Final = {
    Sets.SCORE: "Scores",
    Sets.PERCENTAGE: "Percentages",
    Sets.STATUS: "Statuses",
    Sets.BY_TYPE: "Scores of assessments, percentages of other modules",
}


def draw(upload: Upload) -> None:
    """The columns as they are understood, what only a person can say of them, and each of them to change."""
    for sentence in (*upload.sheet.notices, *upload.columns.notices):
        paragraph(sentence, quiet=True)
    paragraph(_sentence(upload))
    for sentence in upload.columns.problems:
        alert(sentence)
    _draw_one_module(upload)
    _draw_sets(upload)
    _draw_hidden(upload)
    if st.toggle(
        "Change what the columns mean",
        value=bool(upload.columns.problems),
        key=upload.key("mapping"),
    ):
        _draw_columns(upload)


def _sentence(upload: Upload) -> str:
    """'Columns: “Student”, “Mark” is Score; 2 columns are not used.'"""
    columns = upload.columns
    known = [
        _called(at, heading, meant)
        for at, heading in enumerate(columns.headings)
        if (meant := _meant(upload, at)) is not None
    ]
    rest = len(columns.headings) - len(known)
    unused = f"; {count(rest, 'column is', 'columns are')} not used" if rest else ""
    return f"Columns: {', '.join(known) or 'none recognised'}{unused}."


def _meant(upload: Upload, at: int) -> str | None:
    """What a column means, in a sentence; None where it is not used."""
    guess, column = upload.columns.guesses[at], upload.columns.modules.get(at)
    if column is None or column.module is None:
        return guess.value if guess else None
    name = column.module.name
    return f"when {name} was completed" if column.sets is Meaning.COMPLETED else name


def _called(at: int, heading: str, meant: str) -> str:
    if heading == meant:
        return f"“{heading}”"
    return f"{f'“{heading}”' if heading else f'column {at + 1}'} is {meant}"


def _draw_one_module(upload: Upload) -> None:
    columns = upload.columns
    if columns.modules or not set(columns.places).isdisjoint(WHICH):
        return
    label, key = "All lines are of the module", upload.key("all_lines")

    def choose(module: KnownModule | None) -> None:
        upload.understand(replace(upload.columns, all_lines=module))

    _draw_module_choice(label, columns.all_lines, key, choose, width=420)


def _draw_module_choice(
    label: str,
    present: KnownModule | None,
    key: str,
    choose: Callable[[KnownModule | None], None],
    width: int | Literal["stretch"] = "stretch",
) -> None:
    modules = {one.id: one for one in roster.roster().modules}
    types = {key: type_label(one.type) for key, one in modules.items()}
    names = unlike({key: one.name for key, one in modules.items()}, types)
    st.session_state[key] = present.id if present else None
    st.selectbox(
        label,
        list(modules),
        index=None,
        format_func=names.__getitem__,
        key=key,
        on_change=lambda: choose(modules.get(st.session_state[key])),
        placeholder="Choose a module",
        width=width,
    )


def _draw_sets(upload: Upload) -> None:
    """Asked once a table; the answer is offered again for the next."""
    if not any(one.sets is None for one in upload.columns.modules.values()):
        return
    key = upload.key("sets")
    st.session_state[key] = upload.columns.sets
    st.radio(
        "What do the modules’ columns hold?",
        list(SETS),
        index=None,
        format_func=SETS.__getitem__,
        key=key,
        on_change=_set,
        args=(upload, key),
        horizontal=True,
    )


def _set(upload: Upload, key: str) -> None:
    upload.say_sets(st.session_state[key])


def _draw_hidden(upload: Upload) -> None:
    if not upload.sheet.hidden:
        return
    key = upload.key("hidden")
    st.checkbox(
        f"Leave out {count(upload.sheet.hidden, 'hidden line', 'hidden lines')}",
        key=key,
        on_change=_leave_out_hidden,
        args=(upload, key),
        persist_state="page",
    )


def _leave_out_hidden(upload: Upload, key: str) -> None:
    hidden = {row.line for row in upload.sheet.rows if row.is_hidden}
    others = upload.columns.left_out - hidden
    left_out = others | hidden if st.session_state[key] else others
    upload.understand(replace(upload.columns, left_out=left_out))


def _draw_columns(upload: Upload) -> None:
    columns = upload.columns
    places = [*range(len(columns.headings))]
    if len(places) > MOST_COLUMNS:
        known = [at for at in places if columns.guesses[at] or at in columns.modules]
        places = sorted({*known[:MOST_COLUMNS], *_another(upload)})
    with st.container(horizontal=True, key="upload_columns"):
        for at in places:
            _draw_column(upload, at)


def _another(upload: Upload) -> list[int]:
    """Any other column of a table that has very many."""
    chosen = st.selectbox(
        "Another column",
        range(len(upload.columns.headings)),
        index=None,
        format_func=lambda at: f"{at + 1}: {upload.columns.headings[at][:60]}",
        key=upload.key("another"),
        placeholder="Choose a column",
        width=420,
        persist_state="page",
    )
    return [] if chosen is None else [chosen]


def _label(upload: Upload, at: int) -> str:
    heading = markdown_safe(upload.columns.headings[at][:60])
    return f"{at + 1}: {heading}" if heading else f"{at + 1}: no heading"


def _draw_column(upload: Upload, at: int) -> None:
    key = upload.key(f"column_{at}")
    guess, column = upload.columns.guesses[at], upload.columns.modules.get(at)
    st.session_state[key] = A_MODULE if column else guess.value if guess else NOT_USED
    with st.container(width=240, key=upload.key(f"of_{at}")):
        st.selectbox(
            _label(upload, at),
            [NOT_USED, A_MODULE, *(one.value for one in Meaning)],
            key=key,
            on_change=_mean,
            args=(upload, at, key),
        )
        if column is not None and column.sets is not Meaning.COMPLETED:
            _draw_module(upload, at, column)


def _mean(upload: Upload, at: int, key: str) -> None:
    chosen = st.session_state[key]
    others = {A_MODULE: ModuleColumn(), NOT_USED: None}
    meaning = others[chosen] if chosen in others else Meaning(chosen)
    upload.understand(upload.columns.choose(at, meaning))


def _draw_module(upload: Upload, at: int, column: ModuleColumn) -> None:
    """Which module a column is of, and of how many points."""

    def choose(module: KnownModule | None) -> None:
        chosen = replace(upload.columns.modules[at], module=module)
        upload.understand(upload.columns.choose(at, chosen))

    _draw_module_choice(
        f"Module of column {at + 1}", column.module, upload.key(f"module_{at}"), choose
    )
    if column.sets is None:
        points = upload.key(f"points_{at}")
        st.session_state[points] = float(column.most) if column.most else None
        st.number_input(
            f"Points possible in column {at + 1}",
            min_value=0.0,
            value=None,
            step=1.0,
            format="%g",
            key=points,
            on_change=_of_points,
            args=(upload, at, points),
            placeholder="100 where it is percent",
        )


def _of_points(upload: Upload, at: int, key: str) -> None:
    typed = st.session_state[key]
    most = Decimal(digits(typed)) if typed else None
    upload.understand(upload.columns.choose(at, replace(upload.columns.modules[at], most=most)))
