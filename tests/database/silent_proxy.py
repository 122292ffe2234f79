"""What stands between a client and its server, and goes silent: packets that nobody takes, as a firewall drops
them, or a pooler that lives and says nothing."""

import ctypes
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.machine import go_without

SO_ATTACH_FILTER, SO_DETACH_FILTER = 26, 27  # Linux's
DROP_ALL = ctypes.create_string_buffer(struct.pack("HBBI", 0x06, 0, 0, 0))


def _attach(one: socket.socket, told: bytes) -> None:
    until = time.monotonic() + 20
    while True:
        try:
            one.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, told)
        except PermissionError:
            # What the kernel lets all ordinary users have for filters can be used up, for a while or for good.
            if time.monotonic() > until:
                go_without(
                    "An ordinary user gets no packet filter from this system any more: be root here."
                )
            time.sleep(0.1)
        else:
            return


class Proxy:
    """Leads to the server at this socket; what it accepted is in `callers`."""

    def __init__(self, server: Path) -> None:
        self._server = server
        self._door = socket.create_server(("127.0.0.1", 0))
        self._callers: list[socket.socket] = []
        self._speaks = threading.Event()
        self._speaks.set()
        self.port = self._door.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def drop(self) -> None:
        """From now on every packet that reaches this side is lost: the system itself answers none."""
        told = struct.pack("HP", 1, ctypes.addressof(DROP_ALL))
        for one in (self._door, *self._callers):
            _attach(one, told)

    def hush(self) -> None:
        """From now on what is sent is taken, and never answered."""
        self._speaks.clear()

    def speak(self) -> None:
        """As before."""
        self._speaks.set()

    def lead_to(self, server: Path) -> None:
        """Whoever comes from now on."""
        self._server = server

    def close(self) -> None:
        for one in (self._door, *self._callers):
            one.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                caller, _ = self._door.accept()
                self._callers.append(caller)
                server = socket.socket(socket.AF_UNIX)
                server.connect(str(self._server))
                for ends in ((caller, server), (server, caller)):
                    threading.Thread(target=self._lead, args=ends, daemon=True).start()

    def _lead(self, from_: socket.socket, to: socket.socket) -> None:
        with suppress(OSError):
            while said := from_.recv(65536):
                self._speaks.wait()
                to.sendall(said)
        for one in (from_, to):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


@contextmanager
def proxy(server: Path) -> Iterator[Proxy]:
    """Until the end."""
    made = Proxy(server)
    try:
        yield made
    finally:
        made.speak()
        made.close()
