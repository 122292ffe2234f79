"""Who was told what about whom, for whoever looks after the school's data: ids, never names or values."""

from __future__ import annotations

import logging
from typing import Final
from uuid import UUID

from data.session import Actor

LOG: Final = logging.getLogger("progress.audit")


def told(event: str, actor: Actor | UUID, **about: UUID | int) -> None:
    """Note that this person was given something about somebody, such as `student=` an id."""
    who = actor.id if isinstance(actor, Actor) else actor
    LOG.info("%s actor=%s %s", event, who, " ".join(f"{key}={one}" for key, one in about.items()))
