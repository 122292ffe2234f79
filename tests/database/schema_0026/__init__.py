"""A database as the last of the grown migrations left it, with rows in every table."""

from pathlib import Path
from typing import Final

import psycopg
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from data.database import claims_keys
from tests import people

SQL: Final = sorted(Path(__file__).parent.glob("[0-9]*.sql"))
ROWS: Final = Path(__file__).with_name("rows.sql")
REVISION: Final = "0026_asked_once"
LOGIN: Final = "login_of_0026"

VERSION: Final = f"""
create schema dashboard_migrations;
create table dashboard_migrations.alembic_version (
    version_num varchar(32) not null constraint alembic_version_pkc primary key
);
insert into dashboard_migrations.alembic_version values ('{REVISION}');
grant usage on schema dashboard_migrations to public;
grant select on dashboard_migrations.alembic_version to public;
create role {LOGIN} login noinherit;
grant authenticated, anon to {LOGIN};
insert into internal.app_login (name) values ('{LOGIN}');
"""


def make(owner_url: str) -> None:
    """What the releases up to 0026 made of an empty database, in which people then worked."""
    with psycopg.connect(owner_url) as owner:
        for file in SQL:
            owner.execute(file.read_bytes())
        owner.execute(VERSION.encode())
        database = psycopg.sql.Identifier(owner.info.dbname)
        owner.execute(
            psycopg.sql.SQL("grant connect on database {} to {}").format(
                database, psycopg.sql.Identifier(LOGIN)
            )
        )
        owner.execute(
            psycopg.sql.SQL("revoke temporary on database {} from public").format(database)
        )
    people.load_of_0026(owner_url)
    with psycopg.connect(owner_url) as owner:
        owner.execute(ROWS.read_bytes())
    engine = create_engine(make_url(owner_url).set(drivername="postgresql+psycopg"))
    with engine.begin() as connection:
        claims_keys.make_first(connection)
    engine.dispose()
