"""`python -m data digest`: by mail what is new in somebody's classes, and who needs attention and why."""

from collections import Counter
from contextlib import ExitStack
from datetime import datetime, time
from typing import Final
from uuid import UUID

import click
from babel.dates import get_timezone

from data.access.session import connect
from data.command_line.reaching import Refused, find_key, find_url, person
from data.digest.contents import DigestOff, DigestPeriod
from data.digest.mail import MailServer, NotSent, mail_server
from data.digest.readers import DigestReader, readers
from data.digest.sending import DigestOutcome, DigestRun, known_before
from data.digest.wording import as_text, subject
from data.settings import Settings

NEEDED: Final = {
    "dashboard": "PROGRESS_URL is not set: the address at which people open the dashboard. Links lead there.",
    "mail_server": "PROGRESS_SMTP is not set: the server that sends mails, as smtp://user:password@host:587.",
    "mail_sender": "PROGRESS_MAIL_FROM is not set: the e-mail address that mails come from.",
}
"""Settings, and what is said where one is missing."""


@click.command(name="digest")
@click.option("--week", is_flag=True, help="Of the last seven days; without it since the last one.")
@click.option("--to", "email", metavar="EMAIL", help="Only to this member of the staff.")
@click.option("--stdout", is_flag=True, help="Print the text; nothing is sent or recorded.")
@click.pass_obj
def send_digest(settings: Settings, week: bool, email: str | None, stdout: bool) -> None:
    """Mail each of the staff what is new in their classes, and who needs attention and why.

    Once a day to each person, where their organisation sends it (the page School says so) and they did not
    unsubscribe. Made for cron: a mail that failed is sent by the next run.
    """
    for name in ("dashboard",) if stdout else NEEDED:
        if getattr(settings, name) is None:
            raise Refused(NEEDED[name])
    run = _run(settings, week=week)
    staff = readers(run.owner_url, run.today, None if email is None else _named(settings, email))
    if stdout:
        for reader in staff:
            _print(run, reader, is_alone=email is not None)
        return
    assert settings.mail_server is not None  # noqa: S101 - for mypy
    counts: Counter[DigestOutcome] = Counter()
    with ExitStack() as stack:
        stack.callback(lambda: click.echo(_summary(counts)))  # also where the server goes away
        server = stack.enter_context(mail_server(settings.mail_server))
        for reader in staff:
            counts[_send(run, server, reader)] += 1
    if counts[DigestOutcome.FAILED]:
        raise click.exceptions.Exit(1)


def _run(settings: Settings, *, week: bool) -> DigestRun:
    here = get_timezone()
    database = connect(find_url(settings, owner=False), key=find_key(settings), pool_size=1)
    return DigestRun(
        find_url(settings, owner=True),
        database,
        DigestPeriod(7 if week else 1, here, settings.dashboard or ""),
        datetime.combine(datetime.now(here).date(), time(), tzinfo=here),
        settings.mail_sender or "",
    )


def _named(settings: Settings, email: str) -> UUID:
    return person(settings, email).id


def _send(run: DigestRun, server: MailServer, reader: DigestReader) -> DigestOutcome:
    """To one person: whom the server does not take stops nobody else."""
    try:
        return run.send(server, reader)
    except NotSent as why:
        click.echo(f"Not sent to {reader.email}: {why}.", err=True)
        return DigestOutcome.FAILED


def _print(run: DigestRun, reader: DigestReader, *, is_alone: bool) -> None:
    outcome = known_before(reader)
    digest = None
    if outcome in (None, DigestOutcome.ALREADY):
        try:
            digest = run.compose(reader, reader.last, is_mailed=False)
            outcome = DigestOutcome.NOTHING
        except DigestOff:
            outcome = DigestOutcome.OFF
    if digest is not None:
        click.echo(f"To: {reader.email}\nSubject: {subject(digest)}\n\n{as_text(digest, None)}")
    elif is_alone and outcome is not None:
        click.echo(_summary(Counter([outcome])))


def _summary(counts: Counter[DigestOutcome]) -> str:
    """'3 sent, 1 had nothing new.'"""
    told = [
        f"{counts[one]} {one}" for one in DigestOutcome if counts[one] or one is DigestOutcome.SENT
    ]
    switch = (
        " Coordinators have it sent by the page School, Digest."
        if counts[DigestOutcome.OFF]
        else ""
    )
    return f"{', '.join(told)}.{switch}"
