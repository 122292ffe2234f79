"""What a browser says to Streamlit."""

import json
from typing import Final

from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState


def message_kind(written: bytes) -> str:
    """What a browser says to Streamlit, such as 'rerun_script'; with a dot, what it asks for without a run of
    the page; '' where it is no message."""
    message = BackMsg()
    try:
        message.ParseFromString(written)
    except DecodeError:
        return ""
    kind = message.WhichOneof("type") or ""
    if kind == "backend_operation_request":
        return f"{kind}.{message.backend_operation_request.WhichOneof('payload')}"
    return kind


RERUN_FIELDS: Final = frozenset(
    {
        *("query_string", "widget_states", "page_script_hash", "page_name", "fragment_id"),
        *("is_auto_rerun", "cached_message_hashes", "context_info", "is_history_navigation"),
    }
)
"""All that a browser says when it asks for a run: `is_said_again` has looked at each."""

TRIGGERS: Final = frozenset(
    {"trigger_value", "string_trigger_value", "chat_input_value", "json_trigger_value"}
)
"""What a click leaves, said in one message and never again."""


def is_said_again(written: bytes, anew: bytes) -> bool:
    """Whether both ask for a run of the same page, or the same part of it, and the first says nothing that
    the second does not: no click, no widget that is gone, no way back through the browser's history."""
    first, second = _asked_run(written), _asked_run(anew)
    if first is None or second is None:
        return False
    return (
        (first.page_script_hash, first.page_name) == (second.page_script_hash, second.page_name)
        and second.fragment_id in ("", first.fragment_id)
        and first.HasField("context_info") <= second.HasField("context_info")
        and first.is_history_navigation <= second.is_history_navigation
        and first.is_auto_rerun >= second.is_auto_rerun
        and not any(one.WhichOneof("value") in TRIGGERS for one in first.widget_states.widgets)
        and {one.id for one in first.widget_states.widgets}
        <= {one.id for one in second.widget_states.widgets}
    )


def has_readable_json(written: bytes) -> bool:
    """Whether what components report is JSON. Streamlit would log each that is not with all it holds."""
    asked = _asked_run(written)
    for one in asked.widget_states.widgets if asked else ():
        try:
            json.loads(one.json_trigger_value or one.json_value or "null")
        except (ValueError, RecursionError):
            return False
    return True


def _asked_run(written: bytes) -> ClientState | None:
    if message_kind(written) != "rerun_script":
        return None
    asked: ClientState = BackMsg.FromString(written).rerun_script
    return asked
