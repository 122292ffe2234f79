"""A plugin for the tests of an older tree: what they would migrate is migrated by a newer program.

It is copied out of here, for the older tree has a package `tests` of its own. NEWER_TREE says where the newer
program is, SPOILT a statement that the owner says after it.
"""

import os
import subprocess
import sys

import psycopg
from sqlalchemy.engine import URL, make_url

from data.database import migrate

MIGRATE = "import sys; from data.database.migrate import migrate; print(migrate(*sys.argv[1:]))"


def by_newer(owner_url: URL | str, login: URL | str) -> str:
    """As migrate() has it."""
    urls = [make_url(one).render_as_string(hide_password=False) for one in (owner_url, login)]
    command = [sys.executable, "-c", MIGRATE, *urls]
    revision = subprocess.check_output(command, cwd=os.environ["NEWER_TREE"], text=True).strip()
    if spoilt := os.environ.get("SPOILT"):
        with psycopg.connect(urls[0]) as owner:
            owner.execute(spoilt.encode())
    return revision


migrate.migrate = by_newer
