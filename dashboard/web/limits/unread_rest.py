"""Answers that reach whoever is still sending. A connection that is closed while something of its request waits
unread is reset, and the reset overtakes the answer: a proxy then tells its own fault in place of our words.
"""

import asyncio
from contextlib import suppress
from typing import Final

from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope, Send

PATIENCE: Final = 5.0
"""Seconds in which the rest has to come."""

MOST: Final = 32 * 1024**2
"""Bytes of it: a file that is a little too large, and no stream without end."""


class UnreadRest:
    """A request of which the rest is read, and thrown away, before it is answered."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self._is_whole = False
        self._bytes = 0

    async def receive(self) -> Message:
        """More of the request."""
        message = await self._receive()
        self._is_whole = not message.get("more_body", False)
        self._bytes += len(message.get("body", b""))
        return message

    async def send(self, message: Message) -> None:
        """A part of the answer."""
        if message["type"] == "http.response.start":
            await self._read_out()
        await self._send(message)

    async def _read_out(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while not self._is_whole and self._bytes < MOST:
                    await self.receive()


def read_out_first(scope: Scope, receive: Receive, send: Send) -> tuple[Receive, Send]:
    """The ways in and out of a request whose connection is closed once it is answered. Of others the server
    itself throws the rest away, after the answer."""
    headers = Headers(scope=scope)
    is_last = scope["http_version"] == "1.0" or "close" in headers.get("connection", "").lower()
    has_body = "content-length" in headers or "transfer-encoding" in headers
    # One who asks first whether to send it would be told to.
    if not (is_last and has_body) or "expect" in headers:
        return receive, send
    rest = UnreadRest(receive, send)
    return rest.receive, rest.send
