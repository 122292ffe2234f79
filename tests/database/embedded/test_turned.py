"""What a start meets: a login turned against the app by a statement of its own, another release's schema."""

from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from data.access.errors import DatabaseAway, DatabaseNotReady
from data.database import claims_keys, embedded, preflight
from data.open import start_embedded
from data.settings import Settings
from tests.database.releases.next_release import make_next, migrate_by
from tests.unit.copied_house import copy_to

TURNED = (
    "alter role progress_app set default_transaction_read_only = on",
    "alter role progress_app set local_preload_libraries = 'x'",  # no connection can be made at all
    "alter role progress_app password 'stolen'",
)


def test_a_login_that_was_turned_against_the_app_is_put_right_by_the_next_start(
    existing: Path,
) -> None:
    settings = Settings(data_dir=existing)
    server = start_embedded(settings, with_demo=False)
    assert [one.code for one in preflight.faults(server.app_url, None)] == ["signature"]
    with psycopg.connect(server.app_url, autocommit=True) as connection:
        for statement in TURNED:
            connection.execute(statement.encode())
    with pytest.raises(DatabaseNotReady, match="refuses the password"):
        preflight.faults(server.app_url, None)
    password = str(urlsplit(server.app_url).password)
    with pytest.raises(DatabaseAway):  # the library that is not there
        preflight.faults(server.app_url.replace(password, "stolen"), None)
    embedded.stop(server)

    server = start_embedded(settings, with_demo=False)
    assert [one.code for one in preflight.faults(server.app_url, None)] == ["signature"]
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(server.app_url.replace(password, "stolen"))


def test_what_an_older_release_put_in_force_is_brought_over_by_the_next_start(
    existing: Path,
) -> None:
    settings = Settings(data_dir=existing)
    server = start_embedded(settings, with_demo=False)
    with psycopg.connect(server.owner_url, autocommit=True) as owner:
        owner.execute("alter policy people_see_their_drafts on dashboard.draft using (true)")
        owner.execute("update dashboard_migrations.in_force set digest = '' where file = 'drafts'")
    embedded.stop(server)

    server = start_embedded(settings, with_demo=False)
    assert [one.code for one in preflight.faults(server.app_url, None)] == ["signature"]


def test_what_a_newer_release_migrated_is_started_where_that_says_that_it_can_be(
    tmp_path: Path, folder: Path
) -> None:
    settings = Settings(data_dir=folder)
    server = start_embedded(settings, with_demo=False)
    migrate_by(make_next(copy_to(tmp_path)), server.owner_url, server.app_url)
    embedded.stop(server)

    server = start_embedded(settings, with_demo=False)
    assert preflight.faults(server.app_url, claims_keys.present_key(server.owner_url)) == []
    with psycopg.connect(server.owner_url, autocommit=True) as owner:
        owner.execute("update dashboard_migrations.alembic_version set serves_since = version_num")
    embedded.stop(server)
    with pytest.raises(DatabaseNotReady, match="newer release"):
        start_embedded(settings, with_demo=False)
