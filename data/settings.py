"""The environment, read once and refused at start where it makes no sense."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from platformdirs import user_data_path
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from data.access.claims import ClaimsKey, read_key
from data.access.errors import DataError

APPLICATION: Final = "progress-dashboard"

MOST_HOURS: Final = 24 * 30  # a browser keeps a sign-in no longer


class SettingError(DataError):
    """A setting that cannot be used; the sentence names it."""


@dataclass(frozen=True)
class Settings:
    """Where the database is, and what the server may count on.

    `database_url` is None where the embedded database serves; `owner_url` is needed for `migrate`, and to
    look up the actor of `import` and `export`. `claims_key` signs for whom the app acts, at `database_url`.
    `session_hours` is how long a sign-in holds; `contact` ends the sentence "Ask …". `is_https`: served by
    https alone; how many connections may be open before anybody signed in on them, from one address and in all.
    `audit_log`: the file that says who did what; None among the server's own lines.
    """

    data_dir: Path
    database_url: URL | None = None
    owner_url: URL | None = None
    is_https: bool = False
    anonymous_per_address: int = 50
    anonymous_in_all: int = 500
    audit_log: Path | None = None
    claims_key: ClaimsKey | None = None
    session_hours: float = 12.0
    contact: str = "whoever looks after this dashboard at your school"

    @property
    def is_embedded(self) -> bool:
        """Does the database that the program brings serve?"""
        return self.database_url is None

    def at(self, data_dir: Path | None) -> Settings:
        """These settings with another data folder, where one was given."""
        return self if data_dir is None else replace(self, data_dir=_folder(data_dir))


SETTINGS: Final = {
    "PROGRESS_DATA_DIR": "the folder of the embedded database (default: the user's data folder)",
    "DATABASE_URL": "your own PostgreSQL, 15 to 18, as the app's login; without it the embedded one serves",
    "DATABASE_OWNER_URL": "the same database as its owner, for `python -m data` migrate, import and export",
    "PROGRESS_HTTPS": "`1` where browsers reach the dashboard by https alone (default: `0`)",
    "PROGRESS_AUDIT_LOG": "a file for the lines of who did what (default: standard error)",
    "PROGRESS_ANONYMOUS_PER_ADDRESS": "open connections before sign-in from one address (default: 50)",
    "PROGRESS_ANONYMOUS_IN_ALL": "open connections before sign-in in all (default: 500)",
    "DATABASE_CLAIMS_KEY": "the key that signs for whom the app acts there; migrate prints it once, rekey anew",
    "PROGRESS_SESSION_HOURS": "how long a sign-in holds, in hours (default: 12)",
    "PROGRESS_CONTACT": "whom somebody should ask who may not sign in, as words that follow “Ask”",
}
"""Every setting, in words; .github/OPERATING.md says more."""


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Settings from the environment. Raises SettingError, naming the variable."""
    folder = environ.get("PROGRESS_DATA_DIR", "").strip()
    settings = Settings(
        data_dir=_folder(Path(folder)) if folder else user_data_path(APPLICATION),
        database_url=_url("DATABASE_URL", environ),
        owner_url=_url("DATABASE_OWNER_URL", environ),
        audit_log=Path(log) if (log := environ.get("PROGRESS_AUDIT_LOG", "").strip()) else None,
        is_https=_number("PROGRESS_HTTPS", environ, 0, most=1) == 1,
        anonymous_per_address=_number("PROGRESS_ANONYMOUS_PER_ADDRESS", environ, 50, least=1),
        anonymous_in_all=_number("PROGRESS_ANONYMOUS_IN_ALL", environ, 500, least=1),
        claims_key=_claims_key(environ),
        session_hours=_hours(environ),
        contact=environ.get("PROGRESS_CONTACT", "").strip() or Settings.contact,
    )
    if settings.owner_url is not None and settings.database_url is None:
        raise SettingError(
            "DATABASE_OWNER_URL is set but DATABASE_URL is not. Set both, or neither."
        )
    if settings.claims_key is not None and settings.database_url is None:
        raise SettingError(
            "DATABASE_CLAIMS_KEY is set but DATABASE_URL is not. The embedded database needs no key."
        )
    return settings


def _folder(written: Path) -> Path:
    try:
        return written.expanduser().absolute()
    except RuntimeError:
        raise SettingError(
            f"PROGRESS_DATA_DIR or --data-dir names the home of somebody unknown: {written}"
        ) from None


def _number(
    name: str, environ: Mapping[str, str], default: int, least: int = 0, most: int = 100_000
) -> int:
    written = environ.get(name, "").strip()
    if not written:
        return default
    if not (re.fullmatch(r"[0-9]{1,6}", written) and least <= int(written) <= most):
        raise SettingError(f"{name} must be a whole number from {least} to {most}.")
    return int(written)


def _claims_key(environ: Mapping[str, str]) -> ClaimsKey | None:
    written = environ.get("DATABASE_CLAIMS_KEY", "").strip()
    try:
        return read_key(written) if written else None
    except ValueError:
        raise SettingError(
            "DATABASE_CLAIMS_KEY is not a key. Copy it whole, as python -m data migrate or rekey printed it."
        ) from None


def _hours(environ: Mapping[str, str]) -> float:
    written = environ.get("PROGRESS_SESSION_HOURS", "").strip()
    try:
        hours = float(written) if written else Settings.session_hours
    except ValueError:
        hours = 0.0
    if not 0 < hours <= MOST_HOURS:
        raise SettingError(f"PROGRESS_SESSION_HOURS must be a number of hours, up to {MOST_HOURS}.")
    return hours


def _url(name: str, environ: Mapping[str, str]) -> URL | None:
    written = environ.get(name, "").strip()
    if not written:
        return None
    try:
        url = make_url(written)
    except (ArgumentError, ValueError):  # a port that is no number is a bare ValueError
        raise SettingError(
            f"{name} is not a URL. Write postgresql://user:password@host/database."
        ) from None
    if url.get_backend_name() not in ("postgresql", "postgres"):
        raise SettingError(
            f"{name} must begin with postgresql://; other databases are not supported."
        )
    return url.set(drivername="postgresql+psycopg")
