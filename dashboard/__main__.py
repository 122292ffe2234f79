"""`python -m dashboard`: the database up, migrated and filled, then the server."""

import logging
import os
import signal
import socket
import sys
import threading
import webbrowser
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

import click

from dashboard.signin.demo_allowed import LOOPBACK, SignInKind
from data.access.errors import DataError, to_operator
from data.access.log_privacy import LINE
from data.settings import read_settings


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to serve on.")
@click.option("--port", default=8501, show_default=True, help="Port to serve on.")
@click.option(
    "--data-dir", type=click.Path(path_type=Path), help="Folder of the embedded database."
)
@click.option(
    "--school", is_flag=True, help="Open your own school's database instead of the demo's."
)
@click.option("--no-browser", is_flag=True, help="Do not open a browser.")
def main(host: str, port: int, data_dir: Path | None, school: bool, no_browser: bool) -> None:
    """Start the progress dashboard."""
    # The embedded database is stopped on the way out, which the signal itself leaves no time for: nothing
    # outlives the first process of a container. uvicorn gives the signal back to whoever had it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    try:
        _choose_folder(data_dir, school=school)
        _refuse_taken_ports(host, port)
        kind = _open(host, school=school)
        address = _own_address(port) if kind is SignInKind.ACCOUNTS else _address(host, port)
        names = (urlsplit(address).hostname or "",) if kind is SignInKind.ACCOUNTS else LOOPBACK
    except DataError as error:
        raise click.ClickException(to_operator(error)) from error
    if kind is SignInKind.LINK:
        address = _link(address)
    else:
        click.echo(f"The dashboard is at {address} (Ctrl-C ends it).")
    if not no_browser:
        threading.Timer(1.0, webbrowser.open, (_in_browser(address, kind),)).start()
    _serve(host, port, names)


def _choose_folder(data_dir: Path | None, *, school: bool) -> None:
    settings = read_settings().at(data_dir)
    settings = settings.of_school if school else settings
    if data_dir is not None or school:
        # The page's own process state is this environment: both must speak of one folder.
        os.environ["PROGRESS_DATA_DIR"] = str(settings.data_dir)


def _open(host: str, *, school: bool) -> SignInKind:
    """Everything that must stand before the server; says how people come in to what it serves."""
    # Imported late: Streamlit takes a second, and a mistyped setting should not wait for it.
    from dashboard.signin import opening

    return opening.open_all(host, click.echo, is_school=school).sign_in_kind


def _address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _own_address(port: int) -> str:
    """The one at which people sign in; this machine's own may be behind a proxy."""
    from dashboard.signin import providers

    return providers.own_address(port)


def _link(address: str) -> str:
    """The link that signs in, printed."""
    from dashboard.signin import school_link

    link = school_link.issue(address)
    click.echo(
        f"Your school is at {link}\nThis link opens it once, within {school_link.MINUTES} minutes. For "
        "another, start again. Ctrl-C ends it."
    )
    return link


def _in_browser(address: str, kind: SignInKind) -> str:
    from dashboard.signin import school_link

    return school_link.page_that_leads_to(address) if kind is SignInKind.LINK else address


def _refuse_taken_ports(host: str, port: int) -> None:
    _refuse_taken_port(host, port, "--port")
    metrics = read_settings().metrics
    if metrics is None:
        return
    if metrics[1] == port:
        raise DataError(
            f"Port {port} is the dashboard's own. Choose another with PROGRESS_METRICS."
        )
    _refuse_taken_port(*metrics, "PROGRESS_METRICS")


def _refuse_taken_port(host: str, port: int, setting: str) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise DataError(
                f"Port {port} on {host} cannot be used ({error.strerror}). Choose another with {setting}."
            ) from error


def _serve(host: str, port: int, names: Sequence[str]) -> None:
    # Imported late: Streamlit takes a second, and a refused start should not wait for it.
    from dashboard.server import app

    # What was asked of it before makes it say that it must be started again.
    logging.getLogger("streamlit.config").addFilter(lambda one: "restart" not in one.getMessage())
    config = {
        "server.address": host,
        "server.port": port,
        "server.headless": True,
        # A stranger's page whose name leads to this machine must open nothing.
        "server.allowedHosts": [*names],
        # Streamlit's own loggers, and uvicorn's.
        "logger.messageFormat": LINE,
        "logger.level": read_settings().log_level,
        # Where the page is was said above, and one's own school opens by its link alone.
        "logger.hideWelcomeMessage": True,
    }
    app.run(config=config)


if __name__ == "__main__":
    main(prog_name="python -m dashboard")
