"""The files that commands write: whole or not at all, and for nobody else's eyes."""

import os
import sys
import tempfile
from pathlib import Path

import click

from data.command_line.reaching import Refused


def hand_over(content: bytes, output: Path | None, what: str) -> None:
    """To standard output; or into the file, with a word on `what` it is ("3 lines are")."""
    if output is None:
        sys.stdout.buffer.write(content)
        return
    write_file(output, content)
    click.echo(f"{what} written to {output}.")


def write_file(output: Path, content: bytes) -> None:
    """Write a file that only its owner reads, also in the place of one that others could. Raises Refused."""
    try:
        if output.exists() and not output.is_file():  # a pipe, a terminal
            output.write_bytes(content)
        else:
            _replace(output.resolve(), content)
    except OSError as error:
        raise Refused(f"{output} cannot be written: {error.strerror}.") from error


def _replace(output: Path, content: bytes) -> None:
    made, name = tempfile.mkstemp(dir=output.parent, prefix=f".{output.name[:50]}.")
    try:
        with os.fdopen(made, "wb") as file:
            file.write(content)
        Path(name).replace(output)
    finally:
        Path(name).unlink(missing_ok=True)  # there only where it did not take its place
