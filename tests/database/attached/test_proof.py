"""The proof before anything is changed: what it finds right, and that it finds what is wrong."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, text

from data.access.claims import ClaimsKey
from data.access.engine import engine_for_once
from data.access.errors import DataError
from data.access.owner import run
from data.database.attaching import giving_way, proof
from data.database.attaching.adapter import ROLE_WORDS, read
from data.database.attaching.host_roster import roster_of
from data.database.attaching.making import Wanted
from data.database.attaching.oracle import HostRoster
from data.database.attaching.proof import build, compare, judged, prove, reached, sampled
from data.database.attaching.saving_proof import saved
from tests.database.attached.attaching import CATALOGUE, asked
from tests.database.attached.host import STAFF, Host, id_of

COORDINATORS = {**ROLE_WORDS, "staff": "coordinator", "client staff": "coordinator"}


def wanted(host: Host) -> Wanted:
    return Wanted(read(host.adapter), COORDINATORS)


@contextmanager
def built(host: Host) -> Iterator[tuple[Connection, ClaimsKey, HostRoster]]:
    """What the proof builds, to spoil something of it; all of it goes at the end."""
    with (
        engine_for_once(host.owner_url) as engine,
        engine.connect() as connection,
        connection.begin() as building,
    ):
        key = build(connection, "progress_app", wanted(host))
        yield connection, key, roster_of(connection, read(host.adapter), COORDINATORS)
        building.rollback()


def test_people_of_every_role_see_and_save_what_the_rules_allow_and_nothing_stays(
    host: Host,
) -> None:
    before = asked(host, CATALOGUE)
    found = prove(host.owner_url, host.app_url, wanted(host))
    assert [one.sentence for one in found if one.severity == "stop"] == []
    told = "\n".join(one.sentence for one in found)
    for who in (
        "An administrator",
        "A coordinator",
        "A teacher" if host.adapter == "classes" else "A viewer",
    ):
        assert f"{who}, " in told
    assert (
        "Somebody unknown (00000000-0000-0000-0000-000000000000) sees 0, allowed 0; may change 0"
        in told
    )
    assert "changes a row: saved, and taken back." in told
    assert "adds a row: saved, and taken back." in told
    assert asked(host, CATALOGUE) == before


def test_somebody_is_asked_of_each_kind(shared_platform: Host) -> None:
    with built(shared_platform) as (connection, key, roster):
        compared = compare(connection, key, roster)
        assert {one.who for one in compared} >= {who for _, who in sampled(roster)}
        seen = {one.person: one.sees.number for one in compared}
        everything = connection.scalar(text("select count(*) from public.student_module_progress"))
        assert 0 < seen[id_of(STAFF, 1)] < everything  # rows of nobody are nobody's to see
        assert all(one.agrees for one in compared)
        assert not list(reached(connection))


@pytest.mark.parametrize(
    ("spoilt", "wrong"),
    [
        (
            "create or replace function internal.my_students() returns setof uuid language sql stable "
            "security definer as 'select id from school.student'",
            "sees",
        ),
        (
            "create or replace view roster.editable as select id from school.student",
            "may change",
        ),
        (
            "create or replace function internal.my_students() returns setof uuid language sql stable "
            "security definer as 'select id from school.student where false'",
            "sees 0",
        ),
    ],
)
def test_whatever_the_rules_do_not_allow_stops_it(
    shared_platform: Host, spoilt: str, wrong: str
) -> None:
    with built(shared_platform) as (connection, key, roster):
        run(connection, spoilt)
        found = list(judged(connection, compare(connection, key, roster)))
        differing = [one.sentence for one in found if one.code == "differs"]
        assert differing
        assert wrong in differing[0]


def test_a_table_that_is_open_to_everybody_stops_it_by_name(shared_platform: Host) -> None:
    with built(shared_platform) as (connection, _, _):
        assert list(reached(connection)) == []
        run(connection, "grant select on public.student_module_progress to public")
        (found,) = reached(connection)
        assert found.severity == "stop"
        assert "Everybody has select on public.student_module_progress" in found.sentence
        assert "“Leaderboard”" in found.sentence


def test_a_save_that_the_platform_refuses_stops_it_with_its_words(shared_platform: Host) -> None:
    with built(shared_platform) as (connection, key, roster):
        run(
            connection,
            "create function public.refuse() returns trigger language plpgsql as "
            "$$ begin raise exception 'nobody grades on Sundays'; end $$",
        )
        run(
            connection,
            "create trigger refuse before update on public.student_module_progress for each row "
            "execute function public.refuse()",
        )
        found = list(saved(connection, key, roster, sampled(roster)))
        stops = [one.sentence for one in found if one.severity == "stop"]
        assert stops
        said = "allow: nobody grades on Sundays (PL/pgSQL function public.refuse() line 1). Have the platform"
        assert all("changes no row" in one and said in one for one in stops)
        assert any("adds a row" in one.sentence for one in found)


@pytest.mark.parametrize("heard_after", [0, 1])
def test_it_gives_way_to_whoever_alters_a_table_of_the_platforms(
    platform: Host, monkeypatch: pytest.MonkeyPatch, heard_after: int
) -> None:
    """Else all who write there would wait behind them, for as long as the proof takes. Whoever ended it hears
    so many seconds later that they did."""
    ended = "select pg_cancel_backend(:pid)"
    slowly = giving_way.END.text.replace(ended, f"{ended}, pg_sleep({heard_after})")
    assert slowly != giving_way.END.text
    monkeypatch.setattr(giving_way, "END", text(slowly))
    altered = "alter table public.student_module_progress add column theirs integer"
    altering = threading.Thread(target=lambda: asked(platform, altered))

    def endless(connection: Connection, *_: object) -> None:
        altering.start()
        connection.execute(text("select pg_sleep(600)"))

    monkeypatch.setattr(proof, "compare", endless)
    with pytest.raises(DataError, match="gave way"):
        prove(platform.owner_url, platform.app_url, wanted(platform))
    altering.join()
    assert asked(platform, "select count(theirs) from public.student_module_progress") == [(0,)]
    assert asked(platform, "select to_regnamespace('internal')") == [(None,)]


def test_a_column_that_must_be_given_keeps_nobody_from_correcting_what_is_there(
    shared_platform: Host,
) -> None:
    """That nobody adds a row then is agreed to, as the report says."""
    with built(shared_platform) as (connection, key, roster):
        run(
            connection,
            "alter table public.student_module_progress add cohort text not null default ''",
            "alter table public.student_module_progress alter cohort drop default",
        )
        found = list(saved(connection, key, roster, sampled(roster)))
    assert {one.severity for one in found} == {"proved"}
    assert all("changes a row" in one.sentence for one in found)
