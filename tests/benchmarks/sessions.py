"""A browser's side of Streamlit's protocol, without a browser: what one session asks, and how long it waits."""

import json
import time
from dataclasses import dataclass, field
from typing import Final, Self
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from dashboard.web import wire

PATH: Final = "/_stcore/stream"
LARGEST: Final = 64 * 1024 * 1024
TRIGGER: Final = "$$STREAMLIT_INTERNAL_KEY_{}__events"
"""The id under which Streamlit takes what a component reports (its frontend's own form, version 1.67)."""


@dataclass
class Session:
    """One connected tab. `components` are the ids that our components were sent with, by our own keys."""

    socket: ClientConnection
    state: ClientState = field(default_factory=ClientState)
    components: dict[str, str] = field(default_factory=dict)
    received: int = 0

    @classmethod
    async def open(cls, url: str, person: UUID) -> Self:
        """Connect as this demo person, as their browser's cookie would."""
        address = urlsplit(url)
        socket = await connect(
            f"ws://{address.netloc}{PATH}",
            subprotocols=["streamlit"],  # type: ignore[list-item]
            additional_headers={"Cookie": f"{wire.PERSON}={person}"},
            max_size=LARGEST,
            compression=None,
        )
        return cls(socket)

    async def go_to(self, page: str, **parameters: object) -> float:
        """Open a page; seconds until the server was done with it."""
        # With a hash the name is not looked at; the server tells the hash of what it opened.
        self.state.page_name, self.state.page_script_hash = page, ""
        del self.state.widget_states.widgets[:]
        self.state.query_string = urlencode({key: str(value) for key, value in parameters.items()})
        return await self._rerun()

    async def choose(self, bar: str, control: str, value: str) -> float:
        """Give a control of the bar with this key another value; seconds until the server was done."""
        del self.state.widget_states.widgets[:]
        chosen = self.state.widget_states.widgets.add()
        chosen.id = TRIGGER.format(self.components[bar])
        told = {"event": "event", "value": ["set", control, value]}
        chosen.json_trigger_value = json.dumps([told])
        return await self._rerun()

    async def _rerun(self) -> float:
        message = BackMsg()
        message.rerun_script.CopyFrom(self.state)
        begun = time.perf_counter()
        await self.socket.send(message.SerializeToString())
        while not self._read(await self.socket.recv()):
            pass
        return time.perf_counter() - begun

    def _read(self, frame: str | bytes) -> bool:
        """Take note of a message; True where it is the last of a run."""
        if isinstance(frame, str):
            raise TypeError("Streamlit speaks in bytes.")
        self.received += len(frame)
        # Nobody's browser is measured here: the matrix is not taken apart.
        if len(frame) > 60_000:
            return False
        message = ForwardMsg.FromString(frame)
        kind = message.WhichOneof("type")
        if kind == "navigation":
            self.state.page_script_hash = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            self.state.query_string = message.page_info_changed.query_string
        elif kind == "delta" and message.delta.new_element.WhichOneof("type") == "bidi_component":
            component_id = message.delta.new_element.bidi_component.id
            self.components[component_id.rpartition("-")[2]] = component_id
        return bool(kind == "script_finished")
