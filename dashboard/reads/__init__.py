"""The only cache: what a rerun asks, kept for one person and one version of the database.

The version is the database's own snapshot: any write anywhere makes a new one, so nothing can be stale
that was written before the rerun began. Answers are frozen, so the very object is kept: taking a pickled copy
of 500 students at each rerun cost as much as drawing them.

A view asks with the function of `data.reading` itself. What is more than that has a file beside this one.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from inspect import signature
from typing import Any, Concatenate, Final, ParamSpec, TypeVar
from uuid import UUID

import streamlit as st

from data.access.session import Actor, Database, acting_as
from data.reading import people, replica
from data.reading.people import clock

VISIT: Final = "visit"

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Visit:
    """What one rerun knows: who, as of which version of the database, and its clock."""

    actor: Actor
    version: str
    now: datetime
    position: Decimal | None = None
    """What a replica must have that answers."""


def begin(database: Database, person: UUID, session: UUID | None = None) -> Visit | None:
    """Read who this is, in the database's words; None for a stranger or somebody switched off, or where the
    `session` in which they signed in is over."""
    with acting_as(Actor(person, "", "", session=session, database=database)) as connection:
        actor = people.actor(connection, database, session)
        if actor is None:
            return None
        visit = Visit(
            actor, people.version(connection), clock(connection), replica.position(connection)
        )
    st.session_state[VISIT] = visit
    return visit


def visit() -> Visit:
    """This rerun's visit; `begin()` has made it."""
    found: Visit = st.session_state[VISIT]
    return found


def forget() -> None:
    """After a write: what is read from here on in this rerun is read anew."""
    actor = visit().actor
    begin(actor.database, actor.id, actor.session)


def _identity(actor: Actor) -> tuple[str, str, str | None, str]:
    return str(actor.id), actor.role, actor.organisation, str(actor.database.engine.url)


def kept_for(
    entries: int, ttl: str = "1h"
) -> Callable[[Callable[Arguments, Answer]], Callable[Arguments, Answer]]:
    """Keep a function's answers, as many and as long as this. It takes the actor, who is told from others by
    id, role, organisation and database; an argument with an underscore must follow from the ones without."""
    return st.cache_resource(
        show_spinner=False, max_entries=entries, ttl=ttl, hash_funcs={Actor: _identity}
    )


def ask(
    question: Callable[Concatenate[Any, Arguments], Answer],
    *args: Arguments.args,
    **named: Arguments.kwargs,
) -> Answer:
    """What a read of `data.reading` answers this rerun's person, as of its version."""
    now = visit()
    return ask_as(now.actor, now.version, question, *args, **named)


def ask_as(
    actor: Actor,
    version: str,
    question: Callable[Concatenate[Any, Arguments], Answer],
    *args: Arguments.args,
    **named: Arguments.kwargs,
) -> Answer:
    """The same within an answer that is kept itself, and so has its person and version among its arguments."""
    in_order, by_name = _complete(question, args, named)
    found: Answer = _answer(name_of(question), actor, version, in_order, by_name, question)
    return found


def _complete(
    question: Callable[..., Any], args: tuple[Any, ...], named: Mapping[str, Any]
) -> tuple[tuple[Any, ...], Mapping[str, Any]]:
    """All arguments, with those left to their default: however it is written, a question is one question."""
    bound = _signature(question).bind(None, *args, **named)
    bound.apply_defaults()
    return bound.args[1:], bound.kwargs


_signature = lru_cache(maxsize=256)(signature)


def name_of(question: Callable[..., Any]) -> str:
    """A read in a key: the function itself would be looked through, code and all, at each rerun."""
    return f"{question.__module__}.{question.__qualname__}"


_around: Final[list[Callable[[], AbstractContextManager[None]]]] = [nullcontext]


def read_within(context: Callable[[], AbstractContextManager[None]]) -> None:
    """From now on whatever is read from the database is read within one of these."""
    _around.append(context)


@kept_for(400)
def _answer(
    name: str,  # noqa: ARG001 - tells which read it is
    actor: Actor,
    version: str,  # noqa: ARG001 - part of the key: another version is another answer
    args: tuple[Any, ...],
    named: Mapping[str, Any],
    _question: Callable[..., Any],  # follows from its name
) -> Any:
    with _around[-1]():
        return read(actor, lambda connection: _question(connection, *args, **named))


def read(actor: Actor, question: Callable[[Any], Answer]) -> Answer:
    """What this rerun's person is answered, by a replica where one has all that this rerun has seen."""
    seen: Visit | None = st.session_state.get(VISIT)
    position = seen.position if seen else None
    if (standby := replica.serving(actor, position)) is not None:
        with standby.or_else(), standby.acting_as(actor, position) as connection:
            return question(connection)
    with acting_as(actor) as connection:
        found = question(connection)
        # What the database has told, a replica must have that answers next.
        if seen is not None and position is not None:
            later = replica.position(connection)
            st.session_state[VISIT] = replace(seen, position=later)
        return found
