"""That open pages are woken. It is heard at commit: these mutants are made for good, each in a new database."""

import re

import psycopg

from tests.clusters import Cluster
from tests.people import ADMIN, ANN, ASSESSMENT
from tests.rls.mutant import Mutant

WRITES = (
    f"update public.student_module_progress set score = 3 where student_id = '{ANN}'",
    "insert into dashboard.lock (student_id, module_id, fields, locked_values, author_id, reason) "
    f"values ('{ANN}', '{ASSESSMENT}', '{{score}}', '{{\"score\": 3}}', '{ADMIN}', 'x')",
    f"update school.student set full_name = 'Another' where id = '{ANN}'",
)


def is_about_waking(mutant: Mutant) -> bool:
    return re.search(r"notify_of_\w+", mutant.what) is not None


def heard(cluster: Cluster, mutant: Mutant | None) -> list[bool]:
    """After which writes a listener is woken."""
    scratch = cluster.new_database("cast")
    try:
        with (
            scratch.owner() as owner,
            psycopg.connect(scratch.app_url, autocommit=True) as listener,
        ):
            listener.execute("listen progress_changed")
            if mutant is not None:
                owner.execute(mutant.statement.encode())
            return [_is_woken_by(write, owner, listener) for write in WRITES]
    finally:
        cluster.drop(scratch)


def _is_woken_by(
    write: str,
    owner: psycopg.Connection[tuple[object, ...]],
    listener: psycopg.Connection[tuple[object, ...]],
) -> bool:
    woken: list[object] = []
    listener.add_notify_handler(woken.append)
    owner.execute(write.encode())
    # It was sent before the write was answered: the answer to anything brings it along.
    for _ in range(3):
        listener.execute("select")
    listener.remove_notify_handler(woken.append)
    return bool(woken)
