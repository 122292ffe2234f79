"""What a browser may say to Streamlit: what pages of ours say, and nothing besides.

Streamlit obeys more, from anybody: to empty the caches of all people, or to tell where its program lies.
"""

from typing import Final

from starlette.types import Message

from dashboard.web.private.messages import has_readable_json, is_said_again, message_kind

PAGES_SAY: Final = frozenset(
    {
        *("rerun_script", "stop_script", "app_heartbeat", "file_urls_request"),
        "backend_operation_request.deferred_file",  # the file of a download, made when it is wanted
    }
)


def is_a_pages(written: bytes) -> bool:
    """Whether this is a message that a page of ours sends."""
    return message_kind(written) in PAGES_SAY and has_readable_json(written)


def is_overtaken(older: Message, newer: Message) -> bool:
    """Whether the older of two messages of one page says nothing that the newer does not."""
    return is_said_again(older.get("bytes") or b"", newer.get("bytes") or b"")
