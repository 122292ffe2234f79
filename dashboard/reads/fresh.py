"""What is asked for once and never kept: what a preview, a file or a count over everything takes."""

from collections.abc import Callable
from typing import Any, Concatenate

from dashboard import reads
from dashboard.reads import Answer, Arguments
from data.access.session import Actor, acting_as


def ask(
    question: Callable[Concatenate[Any, Arguments], Answer],
    *args: Arguments.args,
    **named: Arguments.kwargs,
) -> Answer:
    """What a read of `data` answers this rerun's person now."""
    return ask_as(reads.visit().actor, question, *args, **named)


def ask_as(
    actor: Actor,
    question: Callable[Concatenate[Any, Arguments], Answer],
    *args: Arguments.args,
    **named: Arguments.kwargs,
) -> Answer:
    """The same of a person that is given: downloads and reports are made outside of any run."""
    with acting_as(actor) as connection:
        return question(connection, *args, **named)
