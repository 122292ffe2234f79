"""Mails, and the server that takes them."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid
from typing import Final

from sqlalchemy.engine import URL

from data.access.errors import DataError
from data.addresses import HERE
from data.digest.contents import Digest
from data.digest.wording import as_html, as_text, subject

SECONDS: Final = 30
"""A server that says nothing for so long is away."""

WHOLE: Final = SMTP.clone(max_line_length=900)
"""How headers are written: an address that was folded would be none any more."""

NO_TLS: Final = (
    "it offers no encryption (STARTTLS), without which nothing is sent to another machine"
)


class MailServerAway(DataError):
    """Nothing can be sent just now."""


class NotSent(Exception):
    """The server does not take this one mail; its words say why."""


def mail(digest: Digest, sender: str, to: str, unsubscribe: str) -> EmailMessage:
    """To one person; `unsubscribe` is the address that does so by one click (RFC 8058).

    Nothing of its headers was stored, but for the address, which must be one (data.rules.roster.EMAIL).
    """
    message = EmailMessage(policy=WHOLE)
    message["From"] = Address("Progress", addr_spec=sender)
    message["To"] = to
    message["Subject"] = subject(digest)
    message["Date"] = formatdate(localtime=True)
    message["Message-ID"] = make_msgid("progress", sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message["List-Unsubscribe"] = f"<{unsubscribe}>"
    if unsubscribe.startswith("https:"):
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(as_text(digest, unsubscribe), cte="quoted-printable")
    message.add_alternative(as_html(digest, unsubscribe), subtype="html", cte="quoted-printable")
    return message


class MailServer:
    """One connection, made with the first mail and again where it was lost."""

    def __init__(self, url: URL) -> None:
        self._url = url
        self._server: smtplib.SMTP | None = None

    def send(self, message: EmailMessage) -> None:
        """Raises NotSent, or MailServerAway where nothing more can be sent."""
        server = self._server or self._connected()
        self._server = server
        try:
            server.send_message(message)
        except smtplib.SMTPServerDisconnected as error:
            self._server = None
            raise NotSent("the server ended the connection") from error
        except smtplib.SMTPRecipientsRefused as error:
            raise NotSent("; ".join(map(_said, error.recipients.values()))) from error
        except smtplib.SMTPResponseException as error:
            raise NotSent(_said((error.smtp_code, error.smtp_error))) from error
        except smtplib.SMTPNotSupportedError as error:
            raise NotSent("the server takes no address with such letters") from error
        except OSError as error:
            self._server = None
            raise NotSent(f"the connection was lost ({error})") from error

    def close(self) -> None:
        """Take leave, as far as anybody listens."""
        if self._server is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._server.quit()

    def _connected(self) -> smtplib.SMTP:
        host, port = str(self._url.host), int(self._url.port or 0)
        try:
            return self._greeted(host, port)
        except smtplib.SMTPAuthenticationError as error:
            why = f"it refuses the user or the password ({_said((error.smtp_code, error.smtp_error))})"
        except ssl.SSLCertVerificationError as error:
            why = f"its certificate cannot be trusted: {error.verify_message}"
        except (smtplib.SMTPException, OSError) as error:
            why = str(error) or type(error).__name__
        raise MailServerAway(f"The mail server {host}:{port} cannot be used: {why}.")

    def _greeted(self, host: str, port: int) -> smtplib.SMTP:
        trusted = ssl.create_default_context()
        is_tls = self._url.drivername == "smtps"
        server = (
            smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=trusted)
            if is_tls
            else smtplib.SMTP(host, port, timeout=SECONDS)
        )
        with ExitStack() as on_failure:
            on_failure.callback(server.close)
            if not is_tls and host not in HERE:
                server.ehlo()
                if not server.has_extn("starttls"):
                    raise smtplib.SMTPNotSupportedError(NO_TLS)
                server.starttls(context=trusted)
            if self._url.username is not None:
                server.login(self._url.username, str(self._url.password))
            on_failure.pop_all()
        return server


@contextmanager
def mail_server(url: URL) -> Iterator[MailServer]:
    """Closed at the end."""
    server = MailServer(url)
    try:
        yield server
    finally:
        server.close()


def _said(answer: tuple[int, bytes | str]) -> str:
    """The server's words, on one line."""
    code, words = answer
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {' '.join(''.join(one if one.isprintable() else ' ' for one in text).split())}"
