"""How many files a page keeps open, and what happens where no more may be: a sentence and a line, no flood."""

import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from dashboard.web import connections, wire
from dashboard.web.connections import MOST_PAGES
from tests.browsing import App, serving
from tests.machine import until

EVERYBODY = {"PROGRESS_ANONYMOUS_PER_ADDRESS": "5000", "PROGRESS_ANONYMOUS_IN_ALL": "5000"}
FULL = b"Too many pages are open here just now. Try again in a minute.\n"
TEACHERS = """
select distinct on (staff_id) staff_id, class_id
from school.class_teacher
join school.staff on staff.id = staff_id
where is_active
"""
COLLEAGUES = """
with colleague as (
    insert into school.staff (id, organisation_id, full_name, email, role)
    select gen_random_uuid(), organisation_id, full_name || number, number || email, role
    from school.staff
    cross join generate_series(1, 10) as number
    where id = %s
    returning id
)
insert into school.class_teacher (class_id, staff_id)
select %s, id
from colleague
"""


def open_files(app: App) -> int:
    return len(list(Path(f"/proc/{app.process}/fd").iterdir()))


def page(app: App, cookie: str = "") -> ClientConnection:
    headers = {"Cookie": cookie} if cookie else {}
    where = f"{app.url.replace('http', 'ws', 1)}/_stcore/stream"
    # It takes in whatever it is told, and pings nobody who is busy.
    return connect(
        where,
        additional_headers=headers,
        open_timeout=60,
        max_size=None,
        max_queue=None,
        ping_interval=None,
    )


def ask_for_a_run(opened: ClientConnection) -> None:
    asked = BackMsg(rerun_script=ClientState(page_name="help"))
    opened.send(asked.SerializeToString())


def run_page(opened: ClientConnection) -> None:
    ask_for_a_run(opened)
    while True:
        told = opened.recv(timeout=60)
        assert isinstance(told, bytes)
        if ForwardMsg.FromString(told).WhichOneof("type") == "script_finished":
            return


def fill(app: App, pages: ExitStack) -> int:
    """Open pages until one is refused; with which status."""
    for _ in range(400):
        try:
            opened = pages.enter_context(page(app))
        except InvalidStatus as refused:
            return refused.response.status_code
        ask_for_a_run(opened)  # whoever says nothing is shown out
    return 0


@contextmanager
def tab(app: App, person: UUID, class_id: UUID, address: str) -> Iterator[None]:
    """An open page of somebody at this address, which hears of changes."""
    key = connections.new_key()
    with page(app, f"{wire.PERSON}={person}; {connections.KEY}={key}") as opened:
        run_page(opened)
        live = f"{app.url}/live?class={class_id}"
        asked = urllib.request.Request(
            live, headers={"Cookie": f"{connections.KEY}={key}", "X-Forwarded-For": address}
        )
        with urllib.request.urlopen(asked, timeout=60) as hints:
            assert hints.readline() == b": open\n"
            yield


def open_tabs(app: App, tabs: ExitStack, times: int) -> None:
    with app.owner() as owner:
        teachers = owner.execute(TEACHERS).fetchall()
        if len(teachers) * MOST_PAGES < times:
            owner.execute(COLLEAGUES, teachers[0])
            teachers = owner.execute(TEACHERS).fetchall()
    assert len(teachers) * MOST_PAGES >= times
    for at in range(times):
        person, class_id = teachers[at % len(teachers)]
        tabs.enter_context(tab(app, UUID(str(person)), UUID(str(class_id)), f"10.0.0.{at % 9}"))


def told(app: App, path: str = "/") -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(app.url + path, timeout=30) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read()
    except OSError:  # it hung up
        return 0, b""


def test_an_open_page_keeps_two_files_open_and_gives_them_back(app: App) -> None:
    with ExitStack() as warm:
        open_tabs(app, warm, 2)
    before = open_files(app)
    with ExitStack() as tabs:
        open_tabs(app, tabs, 12)
        until(lambda: open_files(app) <= before + 12 * 2 + 4)
        assert open_files(app) >= before + 12  # the control: they are there
    until(lambda: open_files(app) <= before + 4)


def test_where_no_more_may_be_open_who_comes_is_told_so_and_the_log_is_too_once(
    tmp_path: Path,
) -> None:
    with serving(tmp_path, (200, 256), **EVERYBODY) as app, ExitStack() as pages:
        first = pages.enter_context(page(app))
        run_page(first)
        # A connection to the database that is given back makes room for one more.
        until(lambda: (fill(app, pages), told(app)) == (503, (503, FULL)))
        assert 200 - 64 < open_files(app) < 256  # it was raised
        assert told(app, "/healthz") == (200, b'{"status":"ok"}')
        address = urlsplit(app.url)
        for _ in range(300):  # more at once than could be taken
            burst = socket.create_connection((str(address.hostname), address.port or 0), timeout=30)
            pages.callback(burst.close)
        run_page(first)  # who is there is served
        pages.pop_all().close()
        until(lambda: told(app)[0] == 200)
        log = (tmp_path / "log").read_text()
    assert log.count("may be are open. Let the program open more: LimitNOFILE=16384") == 1
    # Once a minute, which a busy machine may take.
    assert 1 <= log.count("No file is left to open, and nobody further comes in.") < 5
    assert "out of system resource" not in log
    assert len(log) < 200_000


@pytest.mark.by_night
def test_a_shell_that_allows_1024_serves_400_pages(tmp_path: Path) -> None:
    with serving(tmp_path, (1024, 1024), **EVERYBODY) as app, ExitStack() as tabs:
        open_tabs(app, tabs, 400)
        assert 800 < open_files(app) < 1024
        assert told(app)[0] == 200
        assert "No file is left" not in (tmp_path / "log").read_text()
