"""The environment, read once and refused at start where it makes no sense."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final, Self

from platformdirs import user_data_path
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails
from sqlalchemy.engine import URL

from data.access.claims import ClaimsKey, read_key
from data.access.errors import DataError
from data.addresses import (
    as_dashboard_url,
    as_database_url,
    as_listener,
    as_mail_sender,
    as_mail_server,
    as_replica_url,
)

APPLICATION: Final = "progress-dashboard"

SCHOOL: Final = "school"
"""Within the data folder: the database of one's own school, where the folder itself holds the demo's."""

MOST_HOURS: Final = 24 * 30  # a browser keeps a sign-in no longer


class SettingError(DataError):
    """A setting that cannot be used; the sentence names it."""


def _folder(written: Path) -> Path:
    try:
        return written.expanduser().absolute()
    except RuntimeError:
        raise SettingError(
            f"PROGRESS_DATA_DIR or --data-dir names the home of somebody unknown: {written}"
        ) from None


def _whole(least: int = 1, most: int = 100_000) -> BeforeValidator:
    def read(written: object) -> int:
        text = str(written)
        if not (re.fullmatch(r"[0-9]{1,6}", text) and least <= int(text) <= most):
            raise ValueError(f"must be a whole number from {least} to {most}.")
        return int(text)

    return BeforeValidator(read)


def _one_of(*words: str) -> BeforeValidator:
    def read(written: object) -> str:
        if (word := str(written).lower()) not in words:
            raise ValueError(f"must be one of: {', '.join(words)}.")
        return word

    return BeforeValidator(read)


def _hours(written: object) -> float:
    try:
        hours = float(str(written))
    except ValueError:
        hours = 0.0
    if not 0 < hours <= MOST_HOURS:
        raise ValueError(f"must be a number of hours, up to {MOST_HOURS}.")
    return hours


def _claims_key(written: object) -> ClaimsKey:
    try:
        return read_key(str(written))
    except ValueError:
        raise ValueError(
            "is not a key. Copy it whole, as python -m data migrate or rekey printed it."
        ) from None


DatabaseURL = Annotated[URL | None, PlainValidator(as_database_url)]


class Settings(BaseModel):
    """Where the database is, and what the server may count on. A row is a setting: its kind and bounds, its
    name in the environment, and the words that the documents give it.

    `database_url` is None where the embedded database serves; `owner_url` is needed for `migrate`, and to
    look up the actor of `import` and `export`. `claims_key` signs for whom the app acts, at `database_url`.
    """

    # What was written may hold a password: no error repeats it.
    model_config = ConfigDict(frozen=True, populate_by_name=True, hide_input_in_errors=True)

    data_dir: Annotated[Path, AfterValidator(_folder)] = Field(
        default_factory=lambda: user_data_path(APPLICATION),
        alias="PROGRESS_DATA_DIR",
        description="the folder of the embedded database (default: the user's data folder)",
    )
    database_url: DatabaseURL = Field(
        None,
        alias="DATABASE_URL",
        description="your own PostgreSQL, 15 to 18, as the app's login; without it the embedded one serves",
    )
    read_url: Annotated[URL | None, PlainValidator(as_replica_url)] = Field(
        None,
        alias="DATABASE_READ_URL",
        description="a standby of it, as the same login, which answers the pages' reads",
    )
    owner_url: DatabaseURL = Field(
        None,
        alias="DATABASE_OWNER_URL",
        description="the same database as its owner, for `python -m data` migrate, import and export",
    )
    is_https: Annotated[bool, _whole(least=0, most=1)] = Field(
        False,
        alias="PROGRESS_HTTPS",
        description="`1` where browsers reach the dashboard by https alone (default: `0`)",
    )
    audit_log: Path | None = Field(
        None,
        alias="PROGRESS_AUDIT_LOG",
        description="a file for the audit log (default: standard error)",
    )
    log_format: Annotated[str, _one_of("text", "json")] = Field(
        "text",
        alias="PROGRESS_LOG_FORMAT",
        description="`text` or `json`: a line of the log (default: `text`)",
    )
    log_level: Annotated[str, _one_of("debug", "info", "warning", "error")] = Field(
        "warning",
        alias="PROGRESS_LOG_LEVEL",
        description="`debug`, `info`, `warning` or `error`: what is logged from (default: `warning`)",
    )
    anonymous_per_address: Annotated[int, _whole()] = Field(
        50,
        alias="PROGRESS_ANONYMOUS_PER_ADDRESS",
        description="open connections before sign-in from one address (default: 50)",
    )
    anonymous_in_all: Annotated[int, _whole()] = Field(
        500,
        alias="PROGRESS_ANONYMOUS_IN_ALL",
        description="open connections before sign-in in all (default: 500)",
    )
    claims_key: Annotated[ClaimsKey | None, PlainValidator(_claims_key)] = Field(
        None,
        alias="DATABASE_CLAIMS_KEY",
        description="the key that signs for whom the app acts there; migrate prints it once, rekey anew",
    )
    session_hours: Annotated[float, PlainValidator(_hours)] = Field(
        12.0,
        alias="PROGRESS_SESSION_HOURS",
        description="how long a sign-in lasts, in hours (default: 12)",
    )
    contact: str = Field(
        "whoever looks after this dashboard at your school",
        alias="PROGRESS_CONTACT",
        description="whom somebody should ask who may not sign in, as words that follow “Ask”",
    )
    dashboard: Annotated[str | None, PlainValidator(as_dashboard_url)] = Field(
        None,
        alias="PROGRESS_URL",
        description="the address at which people open the dashboard; links in mails lead there",
    )
    mail_server: Annotated[URL | None, PlainValidator(as_mail_server)] = Field(
        None,
        alias="PROGRESS_SMTP",
        description="the server that sends mails: `smtp://user:password@host:587` or `smtps://`",
    )
    mail_sender: Annotated[str | None, PlainValidator(as_mail_sender)] = Field(
        None,
        alias="PROGRESS_MAIL_FROM",
        description="the e-mail address that mails come from",
    )

    metrics: Annotated[tuple[str, int] | None, PlainValidator(as_listener)] = Field(
        None,
        alias="PROGRESS_METRICS",
        description="where Prometheus is told its figures: a port of this machine, or `address:port`",
    )

    @model_validator(mode="after")
    def _belongs_together(self) -> Self:
        if self.owner_url is not None and self.database_url is None:
            raise ValueError(
                "DATABASE_OWNER_URL is set but DATABASE_URL is not. Set both, or neither."
            )
        if self.read_url is not None and self.database_url is None:
            raise ValueError(
                "DATABASE_READ_URL is set but DATABASE_URL is not. Set both, or only DATABASE_URL."
            )
        if self.claims_key is not None and self.database_url is None:
            raise ValueError(
                "DATABASE_CLAIMS_KEY is set but DATABASE_URL is not. The embedded database needs no key."
            )
        return self

    @property
    def of_school(self) -> Settings:
        """These settings over the folder of one's own school, which is beside the demo's files and apart from
        them. Raises SettingError where another database is named."""
        if not self.is_embedded:
            raise SettingError(
                "--school opens a database of its own on this computer, but DATABASE_URL is set. Unset it, or "
                "leave out --school."
            )
        return self.at(self.data_dir / SCHOOL)

    @property
    def is_embedded(self) -> bool:
        """Does the database that the program brings serve?"""
        return self.database_url is None

    def at(self, data_dir: Path | None) -> Settings:
        """These settings with another data folder, where one was given."""
        return self if data_dir is None else self.model_copy(update={"data_dir": _folder(data_dir)})


SETTINGS: Final = {str(row.alias): str(row.description) for row in Settings.model_fields.values()}
"""Every setting, with the words the documents give it."""


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Settings from the environment. Raises SettingError, naming the variable."""
    written = {name: environ.get(name, "").strip() for name in SETTINGS}
    try:
        return Settings.model_validate({name: text for name, text in written.items() if text})
    except ValidationError as error:
        raise SettingError(" ".join(map(_sentence, error.errors()))) from None


def _sentence(problem: ErrorDetails) -> str:
    name = " ".join(map(str, problem["loc"]))
    return f"{name} {problem['ctx']['error'] if 'ctx' in problem else problem['msg']}".strip()
