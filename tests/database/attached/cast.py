"""The permanent cast on a platform of its own, attached, and furnished with rows that stand for all others."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from sqlalchemy.engine import make_url

from data.database.claims_keys import present_key
from tests import people
from tests.clusters import Scratch
from tests.database.attached.attaching import attached
from tests.database.attached.host import SQL, Host, Hosts
from tests.rls.facts import Identity
from tests.rls.furnishing import PROBE, fill
from tests.rls.matrix import become
from tests.rls.probes import everything
from tests.rls.probes.probe import PLATFORM, Probe
from tests.rls.spare_roster import enter_spare, record_changes
from tests.rls.staff_students import enrol

MOVE: Final = "alter schema school rename to sis"

AGAIN: Final = """
create temporary table kept as select * from public.student_module_progress;
delete from public.student_module_progress;
insert into public.student_module_progress select * from kept
"""
"""Everything written once more, as the platform does: the history knows of it."""


def cast_host(server: Hosts) -> Host:
    """With nothing of ours in it."""
    host = replace(server.empty(), adapter=str(SQL / "cast.sql"))
    with host.root() as root:
        root.execute((SQL / "supabase.sql").read_bytes())
        with host.owner() as owner:
            owner.execute((SQL / "cast_host.sql").read_bytes())
        people.load(host.root_url)
        enrol(root)
        enter_spare(root)
        root.execute(MOVE)
    return host


def furnished(host: Host, *, triggers: bool = True) -> Scratch:
    """Attached by its steps, with rows of every kind of ours; and the function that tries statements."""
    database = attached(host, triggers=triggers)
    with host.root() as root:
        root.execute(AGAIN.encode())
        root.execute(PROBE.encode())
        with root.transaction():
            root.execute("set local session_replication_role = replica")
            fill(root)
            record_changes(root)
            root.execute(b"insert into internal.platform_error (what, said) values ('x', 'x')")
    return Scratch(host.owner_url, host.app_url, database, present_key(host.owner_url))


def probed(host: Host, school: Scratch) -> Iterator[tuple[Probe, str]]:
    """Every probe of tests/rls, and what came of it here."""
    assert school.key is not None
    owner = make_url(host.owner_url).username or ""
    theirs: dict[Identity, list[Probe]] = {}
    for one in everything(school.key):
        theirs.setdefault(one.who, []).append(one)
    with host.root() as root:
        for who, asked in theirs.items():
            with root.transaction(force_rollback=True):
                login = owner if who == PLATFORM else "progress_app"
                root.execute(f"set local session authorization {login}".encode())
                if who != PLATFORM:
                    become(root, who, school.key)
                statements = [one.statement.replace("progress_owner", owner) for one in asked]
                answer = root.execute("select probe.attempt(%s)", (statements,)).fetchone()
            assert answer is not None
            yield from zip(asked, answer[0], strict=True)
