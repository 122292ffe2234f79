"""The release before goes on working on the schema of this one: expand first, and contract a release later."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from data.database.claims_keys import present_key
from data.database.migrate import head, migrate
from data.database.migrations import SERVES_SINCE
from data.database.preflight import faults
from data.settings import SETTINGS
from tests import people
from tests.clusters import Cluster, Scratch
from tests.database.releases.last_release import definitions, face, git, last_release
from tests.database.releases.next_release import make_next, migrate_by
from tests.profiles import chosen
from tests.unit.copied_house import ROOT, copy_to

LAST = last_release()
IS_SERVED = LAST.revision >= SERVES_SINCE

USED_NO_MORE: dict[str, str] = {}
"""Lines of its record of what it had and did not use, and so may go now, each with the reason."""

SPOILS = "alter table dashboard.batch rename reason to why"

DAILY = ("tests/database/saving/test_save.py", "tests/database/reads/test_matrix.py")
NIGHTLY = ("tests/views", "tests/database/saving", "tests/database/reads", "tests/database/locks")


def gone(school: Scratch) -> frozenset[str]:
    return LAST.face - face(school.owner_url) - USED_NO_MORE.keys()


def test_what_the_release_before_uses_is_there_or_it_is_served_no_more(
    fresh_database: Scratch,
) -> None:
    missing = sorted(gone(fresh_database))
    assert IS_SERVED or missing, (
        "SERVES_SINCE shuts the release before out, and nothing of what it uses is gone."
    )
    assert not IS_SERVED or not missing, (
        f"{LAST.name} uses what is gone. Leave it until the release after this one, or raise SERVES_SINCE in "
        "data/database/migrations to the first revision that does not use it, and no process of that release "
        f"serves anybody during the upgrade: {missing}"
    )


@pytest.mark.parametrize(
    "spoils",
    [SPOILS, "drop function dashboard.newest_change()", "drop table dashboard.saved_view cascade"],
)
def test_it_is_noticed_where_something_is_renamed_or_dropped(
    fresh_database: Scratch, spoils: str
) -> None:
    before = gone(fresh_database)
    with fresh_database.owner() as owner:
        owner.execute(spoils.encode())
    assert gone(fresh_database) > before


def test_whatever_guards_the_rows_changes_with_a_number() -> None:
    """By which an older program knows that the database is ahead of it, and calls nothing of it drift."""
    assert definitions() == LAST.definitions or head() > LAST.revision, (
        "The files of sql/ make something else than at the last release: add a migration, even an empty one."
    )


# --- its own tests, on a schema of the next release ---


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release before; by day, where the history that is here begins later, this one in its place."""
    folder = tmp_path_factory.mktemp("older")
    known = git("cat-file", "-e", LAST.commit)
    if chosen(sample=False, nightly=True) or (known is not None and known.returncode == 0):
        return LAST.tree(folder)
    for room in ("data", "dashboard", "tests", ".streamlit", ".github"):
        shutil.copytree(
            ROOT / room, folder / room, ignore=shutil.ignore_patterns("__pycache__", "node_modules")
        )
    shutil.copy(ROOT / ".pytest.ini", folder)
    return folder


@pytest.fixture(scope="module")
def newer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_next(copy_to(tmp_path_factory.mktemp("newer")))


def tried(
    older: Path, newer: Path, *tests: str, spoilt: str = ""
) -> subprocess.CompletedProcess[str]:
    """Tests of the older tree, on databases that the newer one migrates."""
    plugin = older / "newer_schema.py"
    shutil.copy(Path(__file__).with_name(plugin.name), plugin)
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTEST", "TESTS_RUN"))
    }
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "newer_schema",
        "-n",
        chosen(sample="0", nightly="2"),
        *tests,
    ]
    environment = clean | {"NEWER_TREE": str(newer), "SPOILT": spoilt}
    return subprocess.run(
        command, cwd=older, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.skipif(not IS_SERVED, reason="SERVES_SINCE says that it is not served")
def test_its_own_tests_pass_on_the_newer_schema(older: Path, newer: Path) -> None:
    done = tried(older, newer, *chosen(sample=DAILY, nightly=NIGHTLY))
    assert done.returncode == 0, done.stdout


def test_its_database_is_brought_to_this_release(older: Path, cluster: Cluster) -> None:
    """Only what this one says otherwise is said again: that has to fit what stays."""
    owner_url, app_url = cluster.empty_database()
    migrate_by(older, owner_url, app_url)
    people.load(owner_url)
    with psycopg.connect(owner_url, autocommit=True) as owner:
        stored = "select t::text from dashboard.history as t order by id"
        owner.execute("update public.student_module_progress set score = 12")
        before = owner.execute(stored).fetchall()
        assert migrate(owner_url, app_url) == head()
        assert owner.execute(stored).fetchall() == before
        owner.execute("update public.student_module_progress set score = 13")
        assert len(owner.execute(stored).fetchall()) > len(before) > 0
    assert faults(app_url, present_key(owner_url)) == []


def test_its_own_tests_notice_what_was_taken_away(older: Path, newer: Path) -> None:
    done = tried(older, newer, "-k", "edit_is_saved", DAILY[0], spoilt=SPOILS)
    assert done.returncode == 1, done.stdout
    assert "UndefinedColumn" in done.stdout


def test_its_program_takes_the_newer_database_or_says_that_it_is_too_old(
    older: Path, newer: Path, cluster: Cluster
) -> None:
    school = cluster.new_database("cast")
    revision = migrate_by(newer, school.owner_url, school.app_url)
    clean = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    done = subprocess.run(
        [sys.executable, "-m", "data", "check", "--json"],
        cwd=older,
        env=clean | {"DATABASE_URL": school.app_url, "DATABASE_OWNER_URL": school.owner_url},
        capture_output=True,
        text=True,
        check=False,
    )
    cluster.drop(school)
    (told,) = json.loads(done.stdout)
    assert (told["code"], done.returncode) == (("release", 0) if IS_SERVED else ("revision", 1))
    assert revision in told["message"]
