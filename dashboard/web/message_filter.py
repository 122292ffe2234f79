"""What a browser may say to Streamlit: what pages of ours say, and nothing besides.

Streamlit obeys more, from anybody: to empty the caches of all people, or to tell where its program lies.
"""

from __future__ import annotations

from typing import Final

from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from streamlit.proto.BackMsg_pb2 import BackMsg

PAGES_SAY: Final = frozenset({"rerun_script", "stop_script", "app_heartbeat", "file_urls_request"})

PAGES_ASK: Final = frozenset({"deferred_file"})
"""Of what is asked without a run of the page: the file of a download, made when it is wanted."""


def is_a_pages(written: bytes) -> bool:
    """Whether this is a message that a page of ours sends."""
    message = BackMsg()
    try:
        message.ParseFromString(written)
    except DecodeError:
        return False
    kind = message.WhichOneof("type")
    if kind == "backend_operation_request":
        return message.backend_operation_request.WhichOneof("payload") in PAGES_ASK
    return kind in PAGES_SAY
