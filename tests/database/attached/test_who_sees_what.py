"""Everybody × every table and view × every action on an attached database whose platform opens everything."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

import psycopg
import pytest

from tests.clusters import Scratch
from tests.database.attached.cast import cast_host, furnished, probed
from tests.database.attached.host import Host, Hosts
from tests.database.attached.rights_oracle import ATTACHED, HOSTS, RIGHTS
from tests.people import ADMIN, ANN, BEN, COURSE, TEACHER
from tests.rls import matrix
from tests.rls.facts import Identity
from tests.rls.matrix import Cell
from tests.rls.rights import wrong_rights

THEIRS = [
    Identity(f"the platform's {role}", role, claims_to_be=ADMIN)
    for role in ("authenticated", "anon")
]

ENTERED = b"""
select nspname
from pg_namespace
where nspname in ('dashboard', 'dashboard_migrations', 'internal', 'roster', 'school')
    and has_schema_privilege(%s, oid, 'usage, create')
"""
ELSEWHERE = re.compile(
    r"(school|public|auth)\.\w+|\bdue_|eras(e|ure)_|entries_of|status_in|history_cut|kind = 'failed'"
)
"""What probes name that is the platform's, is never written here, or goes only where the platform removed it;
its status beside the three, by which others are known; since when anything is known, and what is new since
before."""


@pytest.fixture(scope="module")
def host(servers: Callable[[str, str], Hosts], cluster: str) -> Iterator[Host]:
    server = servers("institutions", cluster)
    one = cast_host(server)
    yield one
    server.drop(one)


@pytest.fixture(scope="module")
def school(host: Host) -> Iterator[Scratch]:
    scratch = furnished(host)
    yield scratch
    scratch.database.engine.dispose()


@pytest.fixture(scope="module")
def found(school: Scratch) -> list[Cell]:
    assert school.key is not None
    with psycopg.connect(school.app_url, autocommit=True) as connection:
        asked = matrix.cells(connection, ATTACHED, ATTACHED)
        return list(matrix.tried(connection, asked, school.key))


def wrong(found: Iterable[Cell]) -> list[str]:
    return [
        f"{cell.who.label}: {cell.statement}: {cell.expected}, not {cell.found}"
        for cell in found
        if not cell.is_as_expected
    ]


def test_every_table_and_view_is_in_the_oracle(school: Scratch) -> None:
    with school.owner() as owner:
        assert matrix.relations_there(owner) == set(ATTACHED)


def test_every_cell_is_as_the_oracle_says(found: list[Cell]) -> None:
    assert wrong(found) == []
    assert len(found) >= 16_000
    assert {cell.action for cell in found if cell.succeeds} == set(matrix.ACTIONS)


def test_every_row_that_is_refused_to_somebody_is_there(school: Scratch, found: list[Cell]) -> None:
    assert matrix.rows_missing(school, found, ATTACHED) == set()


def test_what_the_platform_gives_away_reaches_nothing_of_ours(host: Host, school: Scratch) -> None:
    """It gives its own roles all of whatever is made: the control is that they have it of its own tables."""
    assert school.key is not None
    ours = [name for name in ATTACHED if name not in HOSTS]
    with psycopg.connect(host.platform_url, autocommit=True) as platform:
        asked = matrix.cells(platform, ours, ATTACHED, THEIRS)
        assert wrong(matrix.tried(platform, asked, school.key)) == []
        for who in THEIRS:
            assert platform.execute(ENTERED, (who.role,)).fetchall() == [("dashboard_migrations",)]
            for name in HOSTS:
                with platform.transaction(force_rollback=True):
                    matrix.become(platform, who, school.key)
                    platform.execute(f"truncate {name} cascade".encode())


def test_a_grant_too_much_is_seen(school: Scratch) -> None:
    """The control of the whole."""
    assert school.key is not None
    with school.owner() as owner, psycopg.connect(school.app_url, autocommit=True) as connection:
        owner.execute("grant usage on schema sis to dashboard_person")
        owner.execute("grant select on sis.staff to dashboard_person")
        try:
            asked = matrix.cells(connection, ["sis.staff"], ATTACHED)
            seen = [one for one in matrix.tried(connection, asked, school.key) if one.succeeds]
        finally:
            owner.execute("revoke select on sis.staff from dashboard_person")
            owner.execute("revoke usage on schema sis from dashboard_person")
    assert "student Ann (1A)" in {cell.who.label for cell in seen}


def test_the_rights_of_each_role_are_these_and_no_more(school: Scratch) -> None:
    with psycopg.connect(school.owner_url) as owner:
        assert list(wrong_rights(owner, rights=RIGHTS)) == []
        owner.execute("grant update (score) on public.student_module_progress to dashboard_person")
        found = list(wrong_rights(owner, rights=RIGHTS))
        assert found == ["public.student_module_progress.score"]
        owner.rollback()


def test_what_no_row_shows_comes_out_as_anywhere(host: Host, school: Scratch) -> None:
    """All probes but those that write what is written on the platform."""
    found = list(probed(host, school))
    other = [one for one, came in found if came != one.expected]
    assert [one for one in other if not ELSEWHERE.search(one.statement)] == []
    assert len(found) - len(other) > 570


WRITTEN = [
    ("authenticated", {"request.jwt.claims": f'{{"sub": "{ANN}"}}'}, ("student", ANN)),
    ("authenticated", {"request.jwt.claims": f'{{"sub": "{TEACHER}"}}'}, ("staff", TEACHER)),
    ("authenticated", {"request.jwt.claim.sub": str(BEN)}, ("staff", BEN)),
    ("service_role", {"request.jwt.claims": '{"role": "service_role"}'}, ("platform", None)),
    *(
        ("service_role", {"request.jwt.claims": garbage}, ("platform", None))
        for garbage in (
            *("{", "[1]", '["sig"]', '"sig"', "null", '{"sub": "nobody"}', '{"sub": [1]}'),
            '{"sig": 1, "iat": {}, "sub": 5, "sid": "x"}',
        )
    ),
    ("service_role", {"request.jwt.claim.sub": "nobody"}, ("platform", None)),
    (
        "service_role",
        {"request.jwt.claims": "{", "request.jwt.claim.sub": str(ANN)},
        ("student", ANN),
    ),
    # Nobody's word of ours is believed from there.
    ("service_role", {"request.jwt.claims": "{", "dashboard.batch": "x"}, ("platform", None)),
]
"""Who the platform says is writing Ann's row, by its role and settings; and who is written down."""

NEWEST = "select source, author_id from dashboard.history order by id desc limit 1"
ERRORS = "select said from internal.platform_error where said <> 'x'"
SHOWN = (
    b"select percentage, shown_score from dashboard.fact where student_id = %s and module_id = %s"
)
SET_PERCENTAGE = b"""
update public.student_module_progress
set progress_percentage = %s, score = 99
where student_id = %s and module_id = %s
"""
MAKE_UID = "create or replace function auth.uid() returns uuid language plpgsql stable as "
OF_THE_HOST = "select pg_get_functiondef('auth.uid()'::regprocedure)"


def write(host: Host, role: str, settings: Mapping[str, str], percentage: int) -> None:
    """As the platform's own interface does."""
    with psycopg.connect(host.platform_url) as platform:
        for name, value in {"role": role, **settings}.items():
            platform.execute("select set_config(%s, %s, true)", (name, value))
        assert platform.execute(SET_PERCENTAGE, (percentage, ANN, COURSE)).rowcount == 1


def test_who_writes_through_the_platform_is_written_down_as_it_says(
    host: Host, school: Scratch
) -> None:
    """And what is locked, Ann's score, stays as it is, whatever they say."""
    with school.owner() as owner:
        for percentage, (role, settings, author) in enumerate(WRITTEN, 1):
            write(host, role, settings, percentage)
            assert owner.execute(NEWEST.encode()).fetchone() == author, settings
            assert owner.execute(SHOWN, (ANN, COURSE)).fetchone() == (percentage, None), settings
        assert owner.execute(ERRORS.encode()).fetchall() == []


@pytest.mark.parametrize(
    ("broken", "mended"),
    [
        *(
            (f"{MAKE_UID} 'begin {body}; end'", "")
            for body in ("raise exception ''no''", "return 1 / 0", "return pg_temp.no()")
        ),
        ("alter function auth.uid() rename to old", "alter function auth.old() rename to uid"),
    ],
)
def test_a_word_of_the_platform_that_cannot_be_asked_breaks_no_write(
    host: Host, broken: str, mended: str
) -> None:
    with host.root() as root:
        was = root.execute(OF_THE_HOST.encode()).fetchone()
        assert was
        root.execute(broken.encode())
        try:
            write(host, "service_role", {"request.jwt.claims": f'{{"sub": "{ANN}"}}'}, 77)
            assert root.execute(NEWEST.encode()).fetchone() == ("platform", None)
        finally:
            root.execute((mended or was[0]).encode())
            write(host, "service_role", {"request.jwt.claims": f'{{"sub": "{ANN}"}}'}, 78)
        assert root.execute(NEWEST.encode()).fetchone() == ("student", ANN)
        assert root.execute(ERRORS.encode()).fetchall() == []
