"""A school that has the digest sent, with names, and a mail server."""

from collections.abc import Callable, Iterator

import pytest
from click.testing import Result

from tests.clusters import Scratch
from tests.database import command_line
from tests.database.digest.mail_host import HERE, MailHost, mail_host
from tests.database.rows_as_owner import ask
from tests.people import NORTH

Digest = Callable[..., Result]
URL = "https://progress.school.example"


@pytest.fixture
def host() -> Iterator[MailHost]:
    with mail_host() as one:
        yield one


@pytest.fixture
def digest(school: Scratch, host: MailHost) -> Digest:
    """`python -m data digest` with these arguments, and settings beside those that are needed."""
    ask(school, "insert into school.digest values (%s, true, true)", NORTH)

    def run(*arguments: str, **environment: str | None) -> Result:
        return command_line.run("digest", *arguments, **settings(school, host) | environment)

    return run


def settings(school: Scratch, host: MailHost) -> dict[str, str | None]:
    """Of a school that can send."""
    return command_line.at(school) | {
        "PROGRESS_URL": URL,
        "PROGRESS_MAIL_FROM": "progress@school.example",
        "PROGRESS_SMTP": f"smtp://{HERE}:{host.port}",
    }
