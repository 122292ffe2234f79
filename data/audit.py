"""Who was told what about whom, for whoever looks after the school's data: ids, never names or values."""

from __future__ import annotations

import logging
from typing import Final
from uuid import UUID

from data.session import Actor

LOG: Final = logging.getLogger("progress.audit")


def signed(event: str, issuer: str, **about: UUID | str) -> None:
    """Note who came from a sign-in service (its address, which holds no white space), by ids only."""
    told_of = " ".join(f"{key}={one}" for key, one in about.items())
    LOG.info("%s issuer=%s %s", event, "".join(issuer.split()), told_of)


def told(event: str, actor: Actor | UUID, **about: UUID | int) -> None:
    """Note that this person was given something about somebody, such as `student=` an id."""
    who = actor.id if isinstance(actor, Actor) else actor
    LOG.info("%s actor=%s %s", event, who, " ".join(f"{key}={one}" for key, one in about.items()))
