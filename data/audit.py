"""Who was told what about whom, for whoever looks after the school's data: ids, never names or values."""

from __future__ import annotations

import logging
from typing import Final
from uuid import UUID

from data.session import Actor

LOG: Final = logging.getLogger("progress.audit")


def told(event: str, actor: Actor, *, student: UUID) -> None:
    """Note that this person was given something about this student."""
    LOG.info("%s actor=%s student=%s", event, actor.id, student)
