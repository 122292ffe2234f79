"""A mail server of this machine that takes mails for real, and keeps them."""

import ipaddress
import socket
import ssl
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, Final

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

HERE: Final = "127.0.0.1"
ELSEWHERE: Final = "127.0.0.2"
"""An address of this machine that is taken for another's."""

USER, PASSWORD = "progress", "p@ss/word"


@dataclass
class MailHost:
    """What it took, and whom it does not know. It ends the connection before it answers for `drops`."""

    port: int
    address: str
    mails: list[EmailMessage] = field(default_factory=list)
    takers: list[str] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)
    drops: set[str] = field(default_factory=set)
    logins: list[bool] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Refuse whom it does not know."""
        if address in self.unknown:
            return "550 5.1.1 no such\tperson"
        if address in self.drops:
            server.transport.abort()
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Session, envelope: Envelope
    ) -> str:
        """Keep it."""
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        self.mails.append(message)
        self.takers.extend(envelope.rcpt_tos)
        return "250 OK"

    def authenticate(
        self, server: Any, session: Session, envelope: Envelope, mechanism: str, given: Any
    ) -> AuthResult:
        """One user there is."""
        assert isinstance(given, LoginPassword)
        is_right = (given.login, given.password) == (USER.encode(), PASSWORD.encode())
        self.logins.append(is_right)
        return AuthResult(success=is_right, handled=is_right)

    def to(self, address: str) -> list[EmailMessage]:
        """The mails to this address."""
        return [one for one in self.mails if one["To"] == address]


@contextmanager
def mail_host(
    address: str = HERE, tls: ssl.SSLContext | None = None, *, is_tls_at_once: bool = False
) -> Iterator[MailHost]:
    """Running; with `tls` it offers STARTTLS, or speaks nothing else, and wants a user."""
    host = MailHost(_free_port(address), address)
    options: dict[str, Any] = {}
    if tls is not None:
        options = {"authenticator": host.authenticate, "auth_required": True}
        options |= (
            {"ssl_context": tls}
            if is_tls_at_once
            else {"tls_context": tls, "require_starttls": True}
        )
        options |= {"auth_require_tls": not is_tls_at_once}
    controller = Controller(host, hostname=address, port=host.port, **options)
    controller.start()
    try:
        yield host
    finally:
        controller.stop()


def _free_port(address: str) -> int:
    with closing(socket.socket()) as free:
        free.bind((address, 0))
        return int(free.getsockname()[1])


def certified(folder: Path, address: str = ELSEWHERE) -> tuple[ssl.SSLContext, Path]:
    """What a server of this address shows, and the file of whoever is to trust it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail")])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    written, secret = folder / "mail.pem", folder / "mail.key"
    written.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(written, secret)
    return context, written
