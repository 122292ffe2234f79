"""The program that sets reports, run beside this one: documents in, PDFs out."""

import json
import logging
import subprocess
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from data.access.errors import DataError
from data.files import sandbox
from data.i18n.formats import unbroken

LOG: Final = logging.getLogger(__name__)

_PROGRAM: Final = Path(__file__).with_name("typesetting_worker.py")
# As little as any honest report needs.
_MEMORY: Final = 4 * 1024**3
_SECONDS: Final = 900


class NotMade(DataError):
    """A report could not be set, in words."""


class Typesetting:
    """A context: the program runs as long as it is open. `stop()` ends it at once, from any thread."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(  # noqa: S603
            sandbox.command(_PROGRAM, memory=_MEMORY, seconds=_SECONDS),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=sandbox.environment(),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):  # what it was told last may never have been read
                if pipe is not None:
                    pipe.close()

    def stop(self) -> None:
        """End it, whatever it does."""
        self._process.kill()

    def pdf(self, document: dict[str, Any]) -> tuple[bytes, tuple[str, ...]]:
        """The document as a PDF, and the code points of what could not be printed. Raises NotMade."""
        to_worker, from_worker = self._process.stdin, self._process.stdout
        if to_worker is None or from_worker is None:
            raise AssertionError("both are pipes")
        try:
            to_worker.write(unbroken(json.dumps(document)).encode() + b"\n")
            to_worker.flush()
            head = json.loads(from_worker.readline() or b"{}")
        except OSError:
            head = {}
        pdf = from_worker.read(head.get("length", 0))
        if not pdf or len(pdf) < head["length"]:
            # What it says itself names the texts that it failed at: they belong in no log.
            LOG.warning("The program that sets reports ended with %s.", self._process.poll())
            raise NotMade("The report could not be made. Try again, or make it of fewer students.")
        return pdf, tuple(head["lacking"])
