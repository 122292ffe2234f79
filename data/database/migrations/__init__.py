"""Numbered migrations: what a change of the schema's files asks of the tables of older databases.

Each is an SQL file, and follows the one whose name comes before its own. Alembic keeps count of them.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Final

from alembic.runtime.migration import MigrationContext, MigrationStep, RevisionStep
from alembic.script import Script, ScriptDirectory
from alembic.script.revision import RevisionMap
from sqlalchemy import Connection, text

HERE: Final = Path(__file__).parent

FIRST: Final = "0026_asked_once"
"""Where numbering begins: what came before is in the schema's files, and nothing is brought to here."""

SERVES_SINCE: Final = "0064_doubtful_students"
"""The oldest revision whose programs work on what these migrations make: the release before this one's, or an
older one. Raised where a migration takes away what that one uses."""

HAS_SINCE: Final = text("""
select exists (
    select
    from pg_attribute
    where attrelid = cast('dashboard_migrations.alembic_version' as regclass) and attname = 'serves_since'
)
""")
ADD_SINCE: Final = text("alter table dashboard_migrations.alembic_version add serves_since text")
SAY_SINCE: Final = text("update dashboard_migrations.alembic_version set serves_since = :revision")


def revisions(connection: Connection | None = None) -> ScriptDirectory:
    """All of them, to be run on this connection."""
    found = ScriptDirectory(HERE)
    found.revision_map = RevisionMap(lambda: _scripts(connection))
    return found


def upgrade(connection: Connection) -> None:
    """Run what a database has not had yet, in its transaction."""
    known = revisions(connection)

    def steps(at: tuple[str, ...], _: MigrationContext) -> list[RevisionStep]:
        scripts = [one for one in known.walk_revisions(*at) if one.revision not in at]
        as_step = partial(MigrationStep.upgrade_from_script, known.revision_map)
        return list(map(as_step, reversed(scripts)))

    _counted(connection, fn=steps).run_migrations()
    _say_since(connection)


def stamp(connection: Connection) -> None:
    """Say that a database has had all of them."""
    _counted(connection).stamp(revisions(), "head")
    _say_since(connection)


def _say_since(connection: Connection) -> None:
    """For older programs, which know neither these migrations nor this module."""
    if not connection.scalar(HAS_SINCE):
        connection.execute(ADD_SINCE)
    connection.execute(SAY_SINCE, {"revision": SERVES_SINCE})


def _counted(connection: Connection, **options: object) -> MigrationContext:
    known = {"version_table_schema": "dashboard_migrations", **options}
    return MigrationContext.configure(connection, opts=known)


def _scripts(connection: Connection | None) -> Iterator[Script]:
    before = None
    for name in (FIRST, *sorted(file.stem for file in HERE.glob("*.sql"))):
        file = HERE / f"{name}.sql"
        module = ModuleType(name)
        vars(module).update(down_revision=before, upgrade=partial(_run, connection, file))
        yield Script(module, name, file)
        before = name


def _run(connection: Connection | None, file: Path) -> None:
    """Execute one SQL file as it stands: many statements, percent signs and colons included."""
    # The driver's own connection: SQLAlchemy's would bind parameters, which allows one statement only.
    driver = connection.connection.driver_connection if connection else None
    if driver is None:
        raise RuntimeError("migrations need a live connection")
    driver.execute(file.read_text(encoding="utf-8"))
