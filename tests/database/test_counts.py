"""What is counted for whoever monitors the process: each thing once, where it happened, and of nobody."""

import threading
import time
from collections import defaultdict

import pytest
from psycopg import sql

from data import counts
from data.access import audit, outage_log
from data.access.errors import DatabaseAway
from data.access.session import acting_as_nobody
from data.access.sign_in import SignInRefusal
from data.reading.live import Listener
from data.writing.save import save
from tests import people
from tests.clusters import Cluster, Scratch
from tests.database.rows_as_owner import DONE, NOT, S, edit
from tests.database.saving.outcome_in_short import Act
from tests.database.test_outage_log import as_root, name
from tests.database.test_sign_in import asked, came
from tests.machine import until
from tests.people import ANN, COORDINATOR, COURSE


def counted() -> dict[str, int]:
    return {
        "save": counts.counted("save"),
        "conflict": counts.counted("conflict"),
        "refused": counts.counted("refused sign-in"),
        "outage": counts.counted(("outage", outage_log.AWAY)),
    }


def since(before: dict[str, int]) -> dict[str, int]:
    return {one: times - before[one] for one, times in counted().items() if times != before[one]}


def test_a_save_counts_once_and_a_conflict_as_no_save(school: Scratch, act: Act) -> None:
    mine = edit(school, ANN, COURSE, {S: DONE})
    theirs = edit(school, ANN, COURSE, {S: NOT})
    before = counted()
    save(act(people.ADMIN), [theirs])
    assert since(before) == {"save": 1}
    save(act(COORDINATOR), [mine])
    assert since(before) == {"save": 1, "conflict": 1}


def test_who_is_not_let_in_counts_and_who_is_does_not(school: Scratch) -> None:
    before = counted()
    assert asked(school, came("1", "nobody@example.org")) is SignInRefusal.UNKNOWN
    assert since(before) == {"refused": 1}
    audit.sign_in_failed("cancelled")
    assert since(before) == {"refused": 2}
    tess = came("2", "tess@example.org")
    assert not isinstance(asked(school, tess), SignInRefusal)
    before_yesterday = came("2", "tess@example.org", "older", iat=time.time() - 2 * 86_400)
    assert asked(school, before_yesterday) is SignInRefusal.EXPIRED
    assert since(before) == {"refused": 2}


def test_an_outage_counts_once_however_many_meet_it_and_is_told_while_it_lasts(
    cluster: Cluster, school: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Of this database alone: other tests of this process had theirs.
    monkeypatch.setattr(outage_log, "_outages", defaultdict(outage_log.Outages))
    before = counted()
    assert not outage_log.now()[outage_log.AWAY]
    database = school.connect(pool_size=1)
    closing = sql.SQL("alter database {} allow_connections {}")
    with as_root(cluster) as root:
        root.execute(closing.format(name(school), sql.SQL("false")))
        try:
            for _ in range(3):
                with pytest.raises(DatabaseAway), acting_as_nobody(database):
                    pass
            assert since(before) == {"outage": 1}
            assert outage_log.now()[outage_log.AWAY]
        finally:
            root.execute(closing.format(name(school), sql.SQL("true")))
    with acting_as_nobody(database):
        assert not outage_log.now()[outage_log.AWAY]
    assert since(before) == {"outage": 1}


def test_who_waits_for_a_connection_is_told(school: Scratch) -> None:
    database = school.connect(pool_size=1)
    assert counts.waiting() == 0

    def ask() -> None:
        with acting_as_nobody(database):
            pass

    asking = [threading.Thread(target=ask) for _ in range(3)]
    with acting_as_nobody(database), acting_as_nobody(database):  # all that there may be
        for one in asking:
            one.start()
        until(lambda: counts.waiting() == 3)
    for one in asking:
        one.join()
    assert counts.waiting() == 0


def test_a_listener_is_as_old_as_its_last_look_and_of_no_age_where_nobody_needs_it(
    school: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    listener = Listener(school.database)
    assert listener.age() is None
    with listener.subscription(lambda _: None):
        until(lambda: (listener.age() or 9) < 0.5)
        looks: list[object] = []

        def look_in_vain(*_: object) -> None:
            looks.append(_)
            raise DatabaseAway("away")

        monkeypatch.setattr(listener, "_look", look_in_vain)
        until(lambda: (listener.age() or 0) > 2)
        assert looks
    until(lambda: listener.age() is None)
