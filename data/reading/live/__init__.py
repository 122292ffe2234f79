"""What changed just now, by class and roster: one listener a process, told to every page that shows it."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from data.access.errors import DatabaseAway, DataError
from data.access.outage_words import FULL as FULL_DISK
from data.access.session import Actor, Database, acting_as, acting_as_nobody
from data.reading.live.bell import Bell
from data.reading.live.questions import CHANGED, MONTHS, NOW, RECORD, REFRESH, HistoryEnds
from data.reading.people import clock

LOG: Final = logging.getLogger("data.reading.live")

LOOK_EVERY: Final = 1.0  # seconds; a NOTIFY wakes sooner, a pooler in between may swallow it
REFRESH_EVERY: Final = 30.0  # seconds: how often the database is asked to copy the roster again
LOOK_BACK: Final = 200  # entries: how far out of order concurrent writers become visible
LOOK_BACK_TIME: Final = timedelta(minutes=1)  # the same for locks; statements end sooner
LONGEST_LOOK: Final = 2.0  # seconds that a first look is waited for
LINGERS: Final = (
    60.0  # seconds after nobody needs it: a page that is loaded anew need not wait for a first look
)
FRESH: Final = 5.0  # seconds since the last look, after which the database is away or silent

Subscriber = Callable[[frozenset[UUID]], None]

MODULES: Final = UUID(int=0)
"""What is told where a module changes, which is no organisation's."""

MAY_FOLLOW: Final = text("select exists (select from roster.class where id = :class_id)")


def may_follow(actor: Actor, class_id: UUID) -> bool:
    """Whether this person sees the class, and so may hear that something in it changed."""
    with acting_as(actor) as connection:
        return bool(connection.scalar(MAY_FOLLOW, {"class_id": class_id}))


MANAGED: Final = text("select internal.my_managed_organisations()")


def rosters_of(actor: Actor) -> frozenset[UUID]:
    """What this person hears of who changes rosters: those of the organisations they manage, and modules."""
    with acting_as(actor) as connection:
        managed = frozenset(connection.scalars(MANAGED))
    return managed | {MODULES} if managed else managed


class Listener:
    """Watches one database in a thread of its own, while somebody subscribes or it is kept.

    A subscriber is called in that thread with the classes that changed, and the organisations whose roster did,
    and must return at once.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._told: deque[tuple[datetime, frozenset[UUID]]] = deque()
        self._told_since: datetime | None = None
        self._has_looked = threading.Event()
        self._looked_at = time.monotonic()
        self._subscribers: set[Subscriber] = set()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._is_needed: Callable[[], bool] = bool  # which says False
        self._needed_at = time.monotonic()
        self._is_away = self._is_refreshing = False

    @property
    def is_fresh(self) -> bool:
        """Whether the database answered a moment ago, so that whoever shows something hears of its changes."""
        is_late = (self.age() or 0.0) > FRESH
        return not self._is_away and (self._is_refreshing or not is_late)

    def ping(self) -> None:
        """Ask whether the database is there, where nobody watches it: an outage at night is logged too."""
        if self.age() is None:
            try:
                with acting_as_nobody(self._database) as connection:
                    connection.execute(text("select"))
                self._is_away = False
            except (DataError, SQLAlchemyError) as error:
                self._is_away = _is_away(error)

    def keep(self, is_needed: Callable[[], bool]) -> bool:
        """Watch from now on while this says so, though nobody subscribes: the roster is read again then. True
        where it begins with this, after a first look."""
        with self._lock:
            self._is_needed = is_needed
            has_begun = self._start()
        has_begun = has_begun and self._has_looked.wait(LONGEST_LOOK)
        return has_begun and self._told_since is not None

    def age(self) -> float | None:
        """Seconds since it last knew what changed; None while nobody needs it."""
        return None if self._thread is None else time.monotonic() - self._looked_at

    def may_have_changed(self, places: frozenset[UUID], since: datetime) -> bool:
        """Whether one of these did, or nobody watched: who subscribes, then asks, misses nothing since this
        moment of the database's clock."""
        with self._lock:
            is_known = self._told_since is not None and self._told_since <= since
            return not is_known or any(at >= since and of & places for at, of in self._told)

    @contextmanager
    def subscription(self, subscriber: Subscriber) -> Iterator[None]:
        """`subscriber` hears of every change until the end of the block."""
        with self._lock:
            self._subscribers.add(subscriber)
            self._start()
        try:
            yield
        finally:
            with self._lock:
                self._subscribers.discard(subscriber)

    def _start(self) -> bool:
        if self._thread is not None:
            return False
        self._told_since = None
        self._told.clear()
        self._has_looked.clear()
        self._looked_at = self._needed_at = time.monotonic()
        self._thread = threading.Thread(target=self._watch, name="changes", daemon=True)
        self._thread.start()
        return True

    def _watch(self) -> None:
        refreshed = -REFRESH_EVERY
        seen: set[str] = set()
        place: HistoryEnds | None = None
        bell = Bell(self._database)
        while self._is_wanted():
            try:
                # Before the roster is read again, which may take long.
                place = place or self._look(None, seen)[0]
                if time.monotonic() - refreshed >= REFRESH_EVERY:
                    refreshed = time.monotonic()
                    self._is_refreshing = True
                    self._refresh()
                place, changed = self._look(place, seen)
            except (DataError, SQLAlchemyError) as error:
                # Away: expected, and said by the pages themselves. Look again when it is back.
                LOG.info("changes cannot be watched just now", exc_info=True)
                self._is_away = _is_away(error)
                changed = frozenset()
                self._has_looked.set()
            self._is_refreshing = False
            if changed:
                self._notify(changed)
            bell.wait(LOOK_EVERY)
        bell.close()

    def _refresh(self) -> None:
        """A copied roster is read again and flags are recorded, where that was long enough ago, standings are
        counted again, where those of many are unsure, and months of the history are made ahead; the database
        knows."""
        for what in (REFRESH, RECORD, MONTHS):
            with acting_as_nobody(self._database) as connection:
                connection.execute(what)

    def _is_wanted(self) -> bool:
        """False ends the thread; the next subscriber, kept out by the lock meanwhile, starts another."""
        with self._lock:
            now = time.monotonic()
            if self._subscribers or self._is_needed():
                self._needed_at = now
            elif now - self._needed_at >= LINGERS:
                self._thread = None
            return self._thread is not None

    def _look(
        self, place: HistoryEnds | None, seen: set[str]
    ) -> tuple[HistoryEnds, frozenset[UUID]]:
        """What changed since the last look; at the first nothing, only where to go on from."""
        with acting_as_nobody(self._database) as connection:
            now = HistoryEnds(*connection.execute(NOW).one())
            here = place or now
            bound = {
                "id": here.id - LOOK_BACK,
                "roster_id": here.roster_id - LOOK_BACK,
                "moment": here.moment - LOOK_BACK_TIME,
            }
            rows = connection.execute(CHANGED, bound).all()
            seen_at = clock(connection)
        fresh = [row for row in rows if row.entry not in seen] if place else []
        newest = max((row.id for row in rows if row.id is not None), default=here.id)
        newest_roster = max(
            (row.roster_id for row in rows if row.roster_id is not None), default=here.roster_id
        )
        seen.clear()
        seen.update(row.entry for row in rows)
        changed = frozenset(row.place for row in fresh if row.place is not None)
        self._remember(seen_at, changed)
        return HistoryEnds(newest, newest_roster, now.moment), changed

    def _remember(self, seen_at: datetime, changed: frozenset[UUID]) -> None:
        """What was found by this moment, for a while: pages that were read before are still to subscribe."""
        forgotten = seen_at - LOOK_BACK_TIME
        with self._lock:
            self._told_since = max(self._told_since or seen_at, forgotten)
            while self._told and self._told[0][0] < forgotten:
                self._told.popleft()
            self._told.append((seen_at, changed))
            self._looked_at, self._is_away = time.monotonic(), False
            self._has_looked.set()

    def _notify(self, changed: frozenset[UUID]) -> None:
        with self._lock:
            subscribers = list(self._subscribers)
        for subscriber in subscribers:
            subscriber(changed)


def _is_away(error: Exception) -> bool:
    """Rather than slow, full, or not to be written to."""
    return isinstance(error, DatabaseAway) and error.state not in ("", FULL_DISK)
