"""Attaching through a pooler, whose connections are anybody's between two transactions."""

from collections.abc import Callable

import pytest
from sqlalchemy.engine import make_url

from data.database.app_login import role_of
from tests.database.attached.attaching import CATALOGUE, asked
from tests.database.attached.host import Host, Hosts
from tests.database.command_line import run
from tests.pooler import pooler


def test_all_of_it_works_through_a_pooler_and_no_lock_outlives_it(
    servers: Callable[[str, str], Hosts], cluster: str, platform: Host
) -> None:
    before = asked(platform, CATALOGUE)
    server = servers("institutions", cluster).cluster
    with pooler(server, platform.owner_url, "progress_app") as owner_url:
        app_url = owner_url.replace("host_owner@", "progress_app@")
        settings = {"DATABASE_URL": app_url, "DATABASE_OWNER_URL": owner_url}
        for _ in range(2):
            attached = run("attach", "--adapter", "institutions", "--yes", **settings)
            assert attached.exit_code == 0, attached.output
        key = attached.stdout.rpartition("DATABASE_CLAIMS_KEY=")[2].strip()
        checked = run("check", DATABASE_CLAIMS_KEY=key, **settings)
        assert checked.exit_code == 0, checked.output
        detached = run("detach", "--yes", **settings)
        assert detached.exit_code == 0, detached.output
    assert asked(platform, CATALOGUE) == before


@pytest.mark.parametrize(
    ("url", "role"),
    [
        ("postgresql://dash.abcdefgh@aws-0-eu.pooler.supabase.com:6543/postgres", "dash"),
        ("postgresql://dash@db.abcdefgh.supabase.co/postgres", "dash"),
        ("postgresql://our.login@database.example.org/school", "our.login"),
        ("postgresql://database.example.org/school", None),
    ],
)
def test_the_role_behind_a_user_of_a_shared_pooler_is_known(url: str, role: str | None) -> None:
    assert role_of(make_url(url)) == role
