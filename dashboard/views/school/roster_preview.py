"""What a change of the roster will do, line by line, then saving exactly that: all of it, or nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID, uuid4

import streamlit as st

from dashboard import reads
from dashboard.components import empty_and_error
from dashboard.components.table import table
from dashboard.components.text import alert, count, heading, paragraph
from dashboard.editing import saved_notice
from dashboard.reads import fresh
from data.access.errors import DataError
from data.roster.changes import RosterChange, Source
from data.roster.reading.saves import roster_names
from data.roster.save import Overtaken, RosterOutcome, save
from data.roster.words import LineOfChange, ids_in, lines, own_names
from data.rules.reasons import LONGEST_REASON

PLACE: Final = "roster_preview"

MOST_SHOWN: Final = 200
"""Lines of a preview; how many more there are is said."""


@dataclass
class Preview:
    """Changes that are previewed under a `name`, by whom, and where (`way`); `told` are the same in words."""

    name: str
    author: UUID
    changes: tuple[RosterChange, ...]
    source: Source
    told: list[LineOfChange]
    undoes: UUID | None = None
    notes: Sequence[str] = ()
    on_saved: Callable[[], object] = lambda: None
    way: Mapping[str, str] = field(default_factory=dict)
    outcome: RosterOutcome | None = None
    batch_id: UUID = field(default_factory=uuid4)

    def key(self, what: str) -> str:
        """A widget's key: another preview has other widgets."""
        return f"{PLACE}_{what}_{self.batch_id.hex[:8]}"


def begin(
    name: str,
    changes: Sequence[RosterChange],
    *,
    source: Source,
    undoes: UUID | None = None,
    notes: Sequence[str] = (),
    on_saved: Callable[[], object] = lambda: None,
) -> None:
    """Open the preview of these; a callback's to call. `notes` are sentences on what follows from them.

    `on_saved` is called once they are saved.
    """
    me = reads.visit().actor.id
    told = in_words(changes)
    way = {one: st.query_params[one] for one in ("show", "batch") if one in st.query_params}
    st.session_state[PLACE] = Preview(
        name, me, tuple(changes), source, told, undoes, notes, on_saved, way
    )


def in_words(changes: Sequence[RosterChange]) -> list[LineOfChange]:
    """A line a change, with what everybody is called just now; of a very long list, the first."""
    first = changes[:MOST_SHOWN]
    return lines(first, {**fresh.ask(roster_names, ids_in(first)), **own_names(changes)})


def close() -> None:
    """Put it away; nothing is saved."""
    st.session_state.pop(PLACE, None)


def draw(name: str, title: str) -> bool:
    """The preview that is open here: what it will do, why, and the button that saves it. Else False."""
    preview = _current(name)
    if preview is None:
        return False
    heading(title, 2)
    if preview.outcome is not None:
        draw_trouble(preview.outcome, "meanwhile. Look at it as it is now, then begin again.")
    changes = count(len(preview.changes), "change", "changes")
    paragraph(
        f"{changes}. Nothing is saved until you confirm."
        if preview.changes
        else "Nothing would change."
    )
    for note in preview.notes:
        paragraph(note)
    _draw_buttons(preview, changes)
    draw_lines(preview.told, len(preview.changes))
    return True


def draw_lines(told: Sequence[LineOfChange], in_all: int) -> None:
    """Changes in words, a line each: as many as there are words of, and how many more there are."""
    table(
        key="roster_lines",
        caption="What changes",
        columns=("What", "Who", "Change"),
        rows=[(one.subject, one.who, one.what) for one in told],
        is_captioned=False,
    )
    if in_all > len(told):
        paragraph(f"And {in_all - len(told):,} more.", quiet=True)


def open_preview() -> Preview | None:
    """The one that is open, where it is this person's."""
    found = st.session_state.get(PLACE)
    is_mine = isinstance(found, Preview) and found.author == reads.visit().actor.id
    return found if is_mine else None


def _current(name: str) -> Preview | None:
    found = open_preview()
    return found if found is not None and found.name == name else None


def _draw_buttons(preview: Preview, changes: str) -> None:
    if preview.changes:
        st.text_input(
            "Reason",
            key=preview.key("reason"),
            max_chars=LONGEST_REASON,
            placeholder="For the record (optional)",
            width=480,
            persist_state="session",
        )
    with st.container(horizontal=True):
        if preview.changes:
            st.button(
                f"{'Undo' if preview.source == 'undo' else 'Save'} {changes}",
                key=preview.key("save"),
                type="primary",
                on_click=_save,
                args=(preview,),
            )
        st.button("Cancel", key=preview.key("cancel"), on_click=close)


def _save(preview: Preview) -> None:
    reason = st.session_state.get(preview.key("reason"), "")
    with st.spinner(f"Saving {count(len(preview.changes), 'change', 'changes')} …"):
        outcome = save_or_say(
            preview.changes, preview.source, preview.batch_id, reason, preview.undoes
        )
    preview.outcome = outcome
    if outcome.batch_id is not None:
        close()
        preview.on_saved()
        offer(outcome)


def save_or_say(
    changes: Sequence[RosterChange],
    source: Source,
    batch_id: UUID,
    reason: str = "",
    undoes: UUID | None = None,
) -> RosterOutcome:
    """Save them; where the database does not answer, that is the problem."""
    me = reads.visit().actor
    try:
        return save(me, changes, source=source, reason=reason, batch_id=batch_id, undoes=undoes)
    except DataError as error:
        return RosterOutcome(problem=empty_and_error.unsure(error))


def offer(outcome: RosterOutcome) -> None:
    """Say that it was saved, and offer to undo it."""
    if outcome.batch_id is not None:
        words = f"Saved: {count(outcome.saved, 'change', 'changes')}."
        way = {"show": "changes", "batch": str(outcome.batch_id)}
        saved_notice.offer_way(outcome.batch_id, words, "school", **way)


def draw_trouble(outcome: RosterOutcome, when: str) -> None:
    """Why nothing was saved; `when` ends the sentence on what somebody else changed."""
    if outcome.problem is not None:
        alert(outcome.problem.message)
    if outcome.overtaken:
        alert(f"Not saved: somebody else changed this {when}")
        _draw_overtaken(outcome.overtaken)


def _draw_overtaken(overtaken: Sequence[Overtaken]) -> None:
    overtaken = overtaken[:MOST_SHOWN]
    wanted = in_words([one.change for one in overtaken])
    now = [_as_it_is(one) for one in overtaken]
    table(
        key="roster_overtaken",
        caption="Changed meanwhile",
        columns=("What", "Who", "You want", "It is now"),
        rows=[
            (line.subject, line.who, line.what, is_now)
            for line, is_now in zip(wanted, now, strict=True)
        ],
    )


def _as_it_is(one: Overtaken) -> str:
    if one.now is None:
        return "not there any more"
    if one.change.before is None:
        return "there already"
    seen = one.change.before
    now = {name: one.now[name] for name in seen}
    return in_words([RosterChange(one.change.relation, one.change.key, seen, now)])[0].what
