"""Streamlit's and uvicorn's names that are not public: each is tried, and what an upgrade moved is said."""

import ast
import asyncio
import inspect
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import fields
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import MagicMock, Mock

import pytest
import streamlit as st
import uvicorn
from authlib.integrations import starlette_client
from streamlit import config
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime import Runtime, app_session
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import RerunData, RerunException, ScriptRunContext
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.runtime.scriptrunner_utils import script_requests
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests, ScriptRequestType
from streamlit.runtime.state import SafeSessionState, SessionState
from streamlit.runtime.uploaded_file_manager import UploadedFileRec
from streamlit.testing.v1 import AppTest
from streamlit.web.server import server_util
from streamlit.web.server.starlette import (
    starlette_app,
    starlette_auth_routes,
    starlette_server,
    starlette_server_config,
)
from streamlit.web.server.starlette.starlette_websocket import _parse_subprotocols
from uvicorn.config import HTTP_PROTOCOLS, WS_PROTOCOLS
from uvicorn.server import ServerState

from dashboard.signin import client
from dashboard.web import private, websocket
from dashboard.web.limits import request_timeouts
from dashboard.web.private import callbacks, files, messages, runs

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = Path(str(st.__file__)).parent
HOME = Path("dashboard/web/private")


@pytest.fixture(scope="module")
def routes() -> list[str]:
    """The addresses that Streamlit's server answers."""
    found = starlette_app.create_streamlit_routes(Mock(spec=Runtime))
    return [str(getattr(one, "path", "")) for one in found]


@pytest.mark.parametrize(
    "address",
    [
        *(private.STREAM, private.HEALTH, private.HOST_CONFIG),
        *(private.LOGIN, private.LOGOUT, private.CALLBACK),
    ],
)
def test_the_addresses_are_streamlits(routes: list[str], address: str) -> None:
    assert address in routes, f"Streamlit moved {address}: its server answers {routes}"


def test_what_is_let_through_and_what_is_guarded_exists(routes: list[str]) -> None:
    components = [one for one in routes if re.fullmatch(private.COMPONENT, one)]
    assert components, f"Streamlit moved the files of components: it answers {routes}"
    uploads = [one for one in routes if private.UPLOAD.fullmatch(one)]
    assert uploads, f"Streamlit moved where files are uploaded: it answers {routes}"
    assert all("upload_file/{session_id}/" in one for one in uploads), (
        f"Streamlit moved the page's name in the address of an upload: {uploads}"
    )
    files = [one for one in routes if private.FILE.fullmatch(one)]
    assert files, f"Streamlit moved the files of downloads: it answers {routes}"


def test_the_cookie_of_who_signed_in_has_its_name() -> None:
    assert server_util.AUTH_COOKIE_NAME == private.USER_COOKIE, (
        "Streamlit moved the name of the cookie that says who signed in"
    )
    assert starlette_server_config.TOKENS_COOKIE_NAME == private.TOKENS_COOKIE, (
        "Streamlit moved the name of the cookie with the service's tokens"
    )


def test_a_sign_in_service_is_asked_by_our_client(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starlette_client, "StarletteOAuth2App", starlette_client.StarletteOAuth2App)
    client.install()
    starlette_auth_routes._create_streamlit_oauth_class.cache_clear()
    found, _ = starlette_auth_routes._create_oauth_client("school")
    starlette_auth_routes._create_streamlit_oauth_class.cache_clear()
    assert isinstance(found, client.SchoolClient), (
        "Streamlit derives its client from another class of Authlib's: then nobody is told why a sign-in failed"
    )


def test_a_name_is_looked_up_among_the_hosts_that_are_allowed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(config, "get_option", {"server.allowedHosts": ["p.example.org"]}.get)
    moved = "Streamlit moved is_host_allowed or server.allowedHosts"
    assert private.is_host_allowed("p.example.org:443"), moved
    assert not private.is_host_allowed("evil.example"), moved
    assert not private.is_host_allowed(None), moved


def test_a_page_that_comes_back_names_itself_third() -> None:
    told = "streamlit, token, page-1"
    _, _, page = _parse_subprotocols(headers(told))
    assert private.page_before(told) == page == "page-1", (
        "Streamlit moved the name of a page that comes back, third in Sec-WebSocket-Protocol"
    )
    assert private.page_before("streamlit") == ""


def headers(protocols: str) -> Mock:
    return Mock(get=lambda name: {"sec-websocket-protocol": protocols}[name])


def running() -> None:
    import streamlit as st

    from dashboard.web import private

    page = private.running_page()
    st.text(repr((page is not None, page.name, page.place)) if page else "nobody")


def test_the_page_that_runs_is_known_by_name_and_place() -> None:
    assert private.running_page() is None
    page = AppTest.from_function(running).run(timeout=30)
    assert not page.exception, (
        "Streamlit moved get_script_run_ctx(), its session_id, or pages_manager's intended_page_…: "
        f"{[one.value for one in page.exception]}"
    )
    assert page.text[0].value.startswith("(True, '"), "Streamlit moved the running page's name"


def test_who_came_back_is_told_from_who_did_not(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not private.is_step_back()
    for is_back in (True, False):
        context = Mock(spec=ScriptRunContext, is_history_navigation=is_back)
        monkeypatch.setattr(private, "get_script_run_ctx", lambda context=context: context)
        assert private.is_step_back() is is_back
    assert "is_history_navigation" in {one.name for one in fields(ScriptRunContext)}, (
        "Streamlit moved ScriptRunContext's is_history_navigation"
    )


def test_a_page_can_be_had_drawn_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    accepted = [*inspect.signature(Runtime.handle_backmsg).parameters][:3]
    assert accepted == ["self", "session_id", "msg"], (
        f"Streamlit moved Runtime.handle_backmsg: it takes {accepted}"
    )
    runtime = Mock(spec=Runtime)
    monkeypatch.setattr(private, "exists", lambda: True)
    monkeypatch.setattr(private, "get_instance", lambda: runtime)
    private.redraw(private.RunningPage("page-1", ("hash", "edit")))
    name, message = runtime.handle_backmsg.call_args.args
    assert name == "page-1"
    asked = message.rerun_script
    assert (asked.page_script_hash, asked.page_name) == ("hash", "edit"), (
        "Streamlit moved ClientState's page_script_hash or page_name"
    )
    assert messages.message_kind(message.SerializeToString()) == "rerun_script"


def test_a_click_is_told_whole_whatever_is_asked_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    for patched, name in (
        (SafeSessionState, "on_script_will_rerun"),
        (ScriptRunner, "_maybe_handle_execution_control_request"),
        (ScriptRunner, "request_rerun"),
        (script_requests, "_coalesce_widget_states"),
    ):
        monkeypatch.setattr(patched, name, getattr(patched, name))  # taken back at the end
    monkeypatch.setattr(SafeSessionState, "on_script_will_rerun", callbacks._apply)
    monkeypatch.setattr(
        ScriptRunner, "_maybe_handle_execution_control_request", callbacks._give_way
    )
    assert not is_told_whole("at once"), "Streamlit gives way no more before a click is told"
    assert not is_told_whole("amid"), "Streamlit gives way no more amid a callback"
    callbacks.run_whole()
    assert is_told_whole("at once")
    assert is_told_whole("amid")


def test_what_was_typed_for_a_page_is_told_with_the_page_after_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(script_requests, "_coalesce_widget_states", callbacks._coalesced)
    assert told_of("text") == set(), "Streamlit forgets no more what was typed for another page"
    monkeypatch.setattr(script_requests, "_coalesce_widget_states", callbacks._all_that_was_told)
    assert told_of("text") == {"new"}
    assert told_of("save") == {True}
    assert told_of("search") == {"newer"}


def told_of(widget: str) -> set[object]:
    """What is told of a field once the page after this one is asked for, before a run of either began."""
    of_page = WidgetStates(
        widgets=[
            WidgetState(id="text", string_value="new"),
            WidgetState(id="save", trigger_value=True),
            WidgetState(id="search", string_value="old"),
        ]
    )
    of_next = WidgetStates(widgets=[WidgetState(id="search", string_value="newer")])
    requests = ScriptRequests()
    requests.request_rerun(RerunData(widget_states=WidgetStates()))
    requests.on_scriptrunner_ready()
    requests.request_rerun(RerunData(widget_states=of_page, page_script_hash="page"))
    requests.request_rerun(RerunData(widget_states=of_next, page_script_hash="next"))
    asked = requests.on_scriptrunner_ready().rerun_data
    assert asked.page_script_hash == "next"
    found = asked.widget_states.widgets if asked.widget_states else ()
    return {getattr(one, str(one.WhichOneof("value"))) for one in found if one.id == widget}


def test_a_session_runs_one_page_at_a_time() -> None:
    """Streamlit's own way is to begin a second run beside a click that is still being saved."""
    assert st.get_option("runner.fastReruns") is False


def test_a_run_that_only_reads_is_left_for_the_next_page() -> None:
    source = inspect.getsource(app_session.AppSession.request_rerun)
    assert "success = self._scriptrunner.request_rerun(rerun_data)" in source, (
        "Streamlit asks its runner in another way for the next page"
    )
    assert all(map(is_waited_for, ("nothing", "a callback", "a part", "another is asked for")))
    assert not is_waited_for("a read")


def is_waited_for(what: str) -> bool:
    """Whether the next page waits for a run that is in the midst of this."""
    requests = ScriptRequests()
    requests.request_rerun(RerunData())
    requests.on_scriptrunner_ready()
    runner = Mock(spec=ScriptRunner, _requests=requests)
    runner.request_stop = requests.request_stop
    if what == "another is asked for":
        requests.request_rerun(RerunData())
    asked = RerunData(fragment_id="part" if what == "a part" else None)
    context = Mock(spec=ScriptRunContext, script_requests=requests)
    with ExitStack() as midst:
        patched = midst.enter_context(pytest.MonkeyPatch.context())
        patched.setattr(callbacks, "get_script_run_ctx", lambda **_: context)
        patched.setattr(callbacks._applying, "now", what == "a callback", raising=False)
        patched.setattr(
            callbacks, "_ask", lambda runner, asked: runner._requests.request_rerun(asked)
        )
        if what != "nothing":
            midst.enter_context(callbacks.reading())
        accepted = callbacks._asked_or_left(runner, asked)
    assert requests not in callbacks._reading
    assert accepted is (requests._state is ScriptRequestType.RERUN)
    return accepted


def is_told_whole(asked: str) -> bool:
    """Whether a callback that looks into the session's state comes to its end, and the run that the browser
    asks for before it, or amid it, comes after it."""
    requests = ScriptRequests()
    requests.request_rerun(RerunData())
    requests.on_scriptrunner_ready()
    runner = Mock(spec=ScriptRunner, _execing=True, _requests=requests)
    give_way = partial(ScriptRunner._maybe_handle_execution_control_request, runner)
    told = []

    def call_callback(*_: object, **__: object) -> None:
        if asked == "amid":
            requests.request_rerun(RerunData())
        told.append("known" in state)

    kept = MagicMock(spec=SessionState, on_script_will_rerun=call_callback)
    state = SafeSessionState(kept, yield_callback=give_way)
    if asked == "at once":
        requests.request_rerun(RerunData())
    with suppress(RerunException):
        state.on_script_will_rerun(WidgetStates())
        with pytest.raises(RerunException):
            give_way()
    return bool(told)


@pytest.mark.parametrize(
    "kind",
    ["rerun_script", "stop_script", "app_heartbeat", "file_urls_request", "clear_cache"],
)
def test_what_a_browser_says_has_its_kinds(kind: str) -> None:
    kinds = [one.name for one in BackMsg.DESCRIPTOR.oneofs_by_name["type"].fields]
    assert kind in kinds, f"Streamlit moved the message {kind}: there are {kinds}"
    assert messages.message_kind(b"\xff") == messages.message_kind(b"") == ""


def test_all_that_a_run_is_asked_with_was_looked_at() -> None:
    fields = {one.name for one in ClientState.DESCRIPTOR.fields}
    assert fields == messages.RERUN_FIELDS, "look at the new ones in messages.is_said_again"
    values = {one.name for one in WidgetState.DESCRIPTOR.oneofs_by_name["value"].fields}
    clicks = {one for one in values if "trigger" in one or "chat" in one}
    assert clicks == messages.TRIGGERS, f"Streamlit moved what a click leaves: there are {values}"


def test_what_is_asked_without_a_run_has_its_kinds() -> None:
    asking = BackMsg.DESCRIPTOR.fields_by_name["backend_operation_request"].message_type
    kinds = [one.name for one in asking.oneofs_by_name["payload"].fields]
    assert "deferred_file" in kinds, f"Streamlit moved deferred_file: there are {kinds}"
    message = BackMsg()
    message.backend_operation_request.deferred_file.SetInParent()
    written = message.SerializeToString()
    assert messages.message_kind(written) == "backend_operation_request.deferred_file"


def test_uploaded_files_can_be_counted_and_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "uploaded_file_mgr" in vars(Runtime), "Streamlit moved Runtime.uploaded_file_mgr"
    held = MemoryUploadedFileManager("/")
    monkeypatch.setattr(files, "exists", lambda: True)
    monkeypatch.setattr(files, "get_instance", lambda: SimpleNamespace(uploaded_file_mgr=held))
    for name in ("1", "2"):
        held.add_file("page-1", UploadedFileRec(name, "a.csv", "text/csv", b"x"))
    moved = "Streamlit moved MemoryUploadedFileManager.file_storage or .remove_file"
    first, second = files.HeldFile("page-1", "1"), files.HeldFile("page-1", "2")
    assert files.held_files() == {first: 1, second: 1}, moved
    files.forget_file(first)
    assert files.held_files() == {second: 1}, moved


@pytest.mark.parametrize(
    ("protocol", "members"),
    [
        (private.H11Protocol, private.HTTP_MEMBERS),
        (private.WebSocketsSansIOProtocol, private.SOCKET_MEMBERS),
    ],
)
def test_uvicorns_protocols_have_what_ours_use(protocol: type, members: tuple[str, ...]) -> None:
    async def made() -> object:
        config = uvicorn.Config(Mock())
        config.load()
        return protocol(config, ServerState(), {})

    with ThreadPoolExecutor(1) as elsewhere:  # where no browser's loop runs already
        found = elsewhere.submit(asyncio.run, made()).result()
    missing = [one for one in members if not hasattr(found, one)]
    assert not missing, f"uvicorn moved of {protocol.__name__}: {missing}"


def test_uvicorn_serves_with_our_protocols() -> None:
    assert "auto" in HTTP_PROTOCOLS, "uvicorn moved HTTP_PROTOCOLS"
    asked = starlette_server._get_websocket_protocol()
    assert asked in WS_PROTOCOLS, f"Streamlit asks uvicorn for another protocol of sockets: {asked}"
    request_timeouts.install()
    websocket.install()
    config = uvicorn.Config(Mock(), ws=asked)
    config.load()
    assert config.http_protocol_class is request_timeouts.Patient, "uvicorn moved HTTP_PROTOCOLS"
    assert config.ws_protocol_class is websocket.BoundedSocket, (
        f"uvicorn moved WS_PROTOCOLS, or Streamlit asks for {asked}"
    )


def test_the_hidden_options_exist() -> None:
    assert st.get_option("server.maxWidgetStateSize") == 10, (
        "Streamlit moved the hidden option server.maxWidgetStateSize"
    )
    assert st.get_option("runner.postScriptGC") in (True, False), (
        "Streamlit moved the hidden option runner.postScriptGC"
    )


def test_the_classes_that_our_styles_name_are_streamlits() -> None:
    files = [ROOT / "dashboard/page_style.py", *ROOT.glob("dashboard/**/*.css")]
    named = {
        found
        for file in files
        for found in re.findall(r"\.(st[A-Z]\w+)", file.read_text(encoding="utf-8"))
    }
    assert len(named) >= 4
    scripts = "".join(
        one.read_text(encoding="utf-8") for one in (PACKAGE / "static/static/js").glob("*.js")
    )
    moved = sorted(one for one in named if not re.search(rf"\b{one}\b", scripts))
    assert not moved, f"Streamlit moved the style classes {moved}"


def is_private(module: str) -> bool:
    return module.startswith(("streamlit.", "uvicorn."))


def test_a_page_tells_whether_it_is_connected_as_ours_looks_for() -> None:
    scripts = [one.read_text("utf-8") for one in (PACKAGE / "static/static/js").glob("index.*.js")]
    assert any(f'"{private.CONNECTION}":' in one.replace("`", '"') for one in scripts)
    assert any("CONNECTED" in one for one in scripts)


def test_no_other_file_touches_what_is_not_public() -> None:
    culprits = []
    for file in [*ROOT.glob("dashboard/**/*.py"), *ROOT.glob("data/**/*.py")]:
        if file.parent == ROOT / HOME:
            continue
        text = file.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)):
            modules = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                modules = [str(node.module)]
            culprits += [f"{file.name} imports {one}" for one in modules if is_private(one)]
        hidden = (
            r"\bst\.(_\w+|runtime|proto|delta_generator|web)\b|_stcore|_streamlit_user|/auth/log"
        )
        culprits += [f"{file.name}: {one.group()}" for one in re.finditer(hidden, text)]
    assert culprits == [], f"these belong in {HOME}"


def test_that_one_folder_is_looked_at_and_found_private() -> None:
    trees = [ast.parse(one.read_text(encoding="utf-8")) for one in (ROOT / HOME).glob("*.py")]
    nodes = [one for tree in trees for one in ast.walk(tree)]
    imported = [str(one.module) for one in nodes if isinstance(one, ast.ImportFrom)]
    assert sum(map(is_private, imported)) >= 10


def test_runs_are_timed_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ScriptRunner, "_run_script", ScriptRunner._run_script)
    told: list[float] = []
    runs.time_runs(told.append)
    AppTest.from_string("import streamlit as st, time; time.sleep(0.2); st.write('done')").run()
    assert len(told) == 1, "Streamlit moved what runs a page: its runs are not timed"
    assert 0.2 <= told[0] < 20


def test_a_session_has_no_event_loop_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[asyncio.AbstractEventLoop] = []

    class Session:
        def __init__(self, name: str) -> None:
            self.name = name
            self._script_event_loop = asyncio.new_event_loop()
            made.append(self._script_event_loop)

    source = inspect.getsource(app_session)
    for needed in ("self._script_event_loop: asyncio.AbstractEventLoop = asyncio.new_event_loop()",
                   "_close_script_event_loop(self._script_event_loop)"):  # fmt: skip
        assert needed in source, f"Streamlit moved the event loop of a session: no {needed}"
    monkeypatch.setattr(runs, "AppSession", Session)
    monkeypatch.setattr(
        app_session, "_close_script_event_loop", app_session._close_script_event_loop
    )
    runs.share_one_loop()
    one, other = Session("one"), Session("other")
    assert (one.name, other.name) == ("one", "other")
    assert all(loop.is_closed() for loop in made)
    assert one._script_event_loop is other._script_event_loop
    app_session._close_script_event_loop(one._script_event_loop)
    assert not other._script_event_loop.is_closed()
    other._script_event_loop.close()
