"""Who did what, for whoever looks after the school's data: ids and counts, never names, texts or values."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from logging.handlers import WatchedFileHandler
from pathlib import Path
from typing import Final
from uuid import UUID

from data import counts
from data.access import log_privacy
from data.access.errors import DataError
from data.access.session import Actor
from data.rules.progress import Problem

LOG: Final = logging.getLogger("progress.audit")
LINE: Final = "%(asctime)s %(name)s %(message)s"


def signed(event: str, issuer: str, **about: UUID | str) -> None:
    """Note who came from a sign-in service (its address, which holds no white space), by ids only."""
    details = " ".join(f"{key}={one}" for key, one in about.items())
    LOG.info("%s issuer=%s %s", event, "".join(issuer.split()), details)


def happened(event: str, **about: UUID | int | str) -> None:
    """Note what nobody who is known here did: a sign-in that failed, or the owner of the database at the
    command line."""
    LOG.info(" ".join([event, *(f"{key}={one}" for key, one in about.items())]))


def sign_in_failed(why: str) -> None:
    """Note that somebody did not come in, and count it."""
    counts.count("refused sign-in")
    happened("sign-in failed", why=why)


def record(event: str, actor: Actor | UUID, **about: UUID | int) -> None:
    """Note that this person did something, or was given something about somebody, such as `student=` an id."""
    who = actor.id if isinstance(actor, Actor) else actor
    LOG.info("%s actor=%s %s", event, who, " ".join(f"{key}={one}" for key, one in about.items()))


def refused(event: str, actor: Actor, problem: Problem, **about: UUID | int) -> None:
    """Note that this person was refused it, by the rules or by the database: the problem's code says why."""
    record(f"{event} refused why={problem.code}", actor, **about)


@contextmanager
def noted(file: Path | None) -> Iterator[None]:
    """Write the lines for as long as this is open."""
    handler = start(file)
    try:
        yield
    finally:
        LOG.removeHandler(handler)
        handler.close()


def start(file: Path | None, *, is_json: bool = False) -> logging.Handler:
    """Write the lines to this file, which only its owner can read, or else to standard error; there `is_json`
    as the log's others, from `write_lines`.

    Raises DataError where the file cannot be written.
    """
    handler: logging.Handler
    try:
        handler = logging.StreamHandler() if file is None else _PrivateFile(file, encoding="utf-8")
    except OSError as error:
        raise DataError(
            f"PROGRESS_AUDIT_LOG names a file that cannot be written: {error.strerror}."
        ) from error
    handler.setFormatter(logging.Formatter(log_privacy.LINE if is_json and file is None else LINE))
    LOG.setLevel(logging.INFO)
    LOG.addHandler(handler)
    return handler


class _PrivateFile(WatchedFileHandler):
    """Made anew for its owner alone, also after somebody moved it away."""

    def _open(self) -> TextIOWrapper:
        return open(self.baseFilename, "a", encoding="utf-8", opener=_private)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
