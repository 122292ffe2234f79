"""A script of ours in Streamlit's page, before its own: it hears what is typed while the page is drawn."""

from pathlib import Path
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SCRIPT: Final = Path(__file__).with_name("early_keys.js").read_text(encoding="utf-8")
HEAD: Final = "<head>"
ROOT: Final = 'id="root"'
"""What only Streamlit's page has, which is read and sent as a whole."""


def named(page: str) -> str:
    """The page with the script; whatever is none as it is."""
    return page.replace(HEAD, f"{HEAD}<script>{SCRIPT}</script>", 1) if ROOT in page else page


class FirstScript:
    """Puts it in each page that Streamlit answers with; headers.py allows it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        start: Message | None = None

        async def naming(message: Message) -> None:
            nonlocal start
            if _is_page(message):
                start = message
                return
            if start is not None:
                body = message.get("body", b"")
                longer = named(body.decode("utf-8", "surrogateescape"))
                message = {**message, "body": longer.encode("utf-8", "surrogateescape")}
                headers = MutableHeaders(scope=start)
                if "content-length" in headers:
                    more = len(message["body"]) - len(body)
                    headers["content-length"] = str(int(headers["content-length"]) + more)
                await send(start)
                start = None
            await send(message)

        await self.app(scope, receive, naming)


def _is_page(message: Message) -> bool:
    if message["type"] != "http.response.start" or message["status"] != 200:
        return False
    headers = MutableHeaders(scope=message)
    is_html = headers.get("content-type", "").startswith("text/html")
    return is_html and "content-encoding" not in headers
