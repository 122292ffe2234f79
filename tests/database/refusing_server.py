"""A server that lets nobody in, with the words a test wants; how it is asked for TLS it answers too."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

ENCRYPTION_REQUESTS = (80877103, 80877104)  # TLS, GSSAPI


def refusal(state: str, words: str) -> bytes:
    """The answer of a server whose words are in another language: only the SQLSTATE is the same in all."""
    fields = b"".join(
        f"{one}\0".encode() for one in ("SFATALE", "VFATAL", f"C{state}", f"M{words}")
    )
    return b"E" + struct.pack("!i", len(fields) + 5) + fields + b"\0"


@contextmanager
def refusing(answer: bytes, *, to_encryption: bytes = b"N") -> Iterator[int]:
    """The port of such a server."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        threading.Thread(target=_serve, args=(door, answer, to_encryption), daemon=True).start()
        yield door.getsockname()[1]


def _serve(door: socket.socket, answer: bytes, to_encryption: bytes) -> None:
    with suppress(OSError):
        while True:
            caller, _ = door.accept()
            with suppress(OSError), caller:
                while _asks_for_encryption(caller):
                    caller.sendall(to_encryption)
                caller.sendall(answer)


def _asks_for_encryption(caller: socket.socket) -> bool:
    asked = caller.recv(8, socket.MSG_WAITALL)
    if len(asked) < 8:
        raise ConnectionError  # whoever called has hung up
    length, code = struct.unpack("!ii", asked)
    if code in ENCRYPTION_REQUESTS:
        return True
    caller.recv(length - 8, socket.MSG_WAITALL)
    return False
