"""What a browser may say to Streamlit: what pages of ours say, and nothing besides.

Streamlit obeys more, from anybody: to empty the caches of all people, or to tell where its program lies.
"""

from __future__ import annotations

from typing import Final

from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from streamlit.proto.BackMsg_pb2 import BackMsg

PAGES_SAY: Final = frozenset({"rerun_script", "stop_script", "app_heartbeat", "file_urls_request"})


def is_a_pages(written: bytes) -> bool:
    """Whether this is a message that a page of ours sends."""
    message = BackMsg()
    try:
        message.ParseFromString(written)
    except DecodeError:
        return False
    return message.WhichOneof("type") in PAGES_SAY
