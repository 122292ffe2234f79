"""`python -m dashboard`: the database up, migrated and filled, then the server."""

from __future__ import annotations

import os
import socket
import threading
import webbrowser
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

import click

from dashboard.signin import demo_allowed
from data.access.errors import DataError, to_operator
from data.settings import read_settings


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to serve on.")
@click.option("--port", default=8501, show_default=True, help="Port to serve on.")
@click.option(
    "--data-dir", type=click.Path(path_type=Path), help="Folder of the embedded database."
)
@click.option("--no-browser", is_flag=True, help="Do not open a browser.")
def main(host: str, port: int, data_dir: Path | None, no_browser: bool) -> None:
    """Start the progress dashboard."""
    if data_dir is not None:
        # The page's own process state is this environment: both must speak of one folder.
        os.environ["PROGRESS_DATA_DIR"] = str(data_dir.expanduser().absolute())
    try:
        read_settings()
        _refuse_taken_port(host, port)
        is_demo = _open(host)
        address = f"http://{host}:{port}" if is_demo else _own_address(port)
    except DataError as error:
        raise click.ClickException(to_operator(error)) from error
    click.echo(f"The dashboard is at {address} (Ctrl-C ends it).")
    if not no_browser:
        threading.Timer(1.0, webbrowser.open, (address,)).start()
    _serve(host, port, demo_allowed.LOOPBACK if is_demo else (urlsplit(address).hostname or "",))


def _open(host: str) -> bool:
    """Everything that must stand before the server; says whether it serves the demo."""
    # Imported late: Streamlit takes a second, and a mistyped setting should not wait for it.
    from dashboard.signin import gate

    return gate.open_all(host, click.echo).sign_in_kind is demo_allowed.SignInKind.DEMO


def _own_address(port: int) -> str:
    """The one at which people sign in; this machine's own may be behind a proxy."""
    from dashboard.signin import providers

    return providers.own_address(port)


def _refuse_taken_port(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise DataError(
                f"Port {port} on {host} cannot be used ({error.strerror}). Choose another with --port."
            ) from error


def _serve(host: str, port: int, names: Sequence[str]) -> None:
    # Imported late: Streamlit takes a second, and a refused start should not wait for it.
    from dashboard.server import app

    config = {"server.address": host, "server.port": port, "server.headless": True}
    # A stranger's page whose name leads to this machine must open nothing.
    app.run(config=config | {"server.allowedHosts": [*names]})


if __name__ == "__main__":
    main(prog_name="python -m dashboard")
