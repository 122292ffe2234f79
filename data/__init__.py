"""The data-access module: everything the dashboard asks of the database, and nothing of Streamlit.

Import from the room: `data.reading` asks, `data.writing` writes, `data.access` is the one way to a connection,
`data.open` opens what `data.settings` asks for.
"""

import sys

if sys.platform == "win32" or sys.version_info < (3, 11):
    sys.exit(
        "The dashboard needs Linux or macOS (on Windows: WSL) and Python 3.11 or newer; this is "
        f"Python {sys.version_info.major}.{sys.version_info.minor} on {sys.platform}. "
        "Make .venv anew with a newer one, by the command in README.md."
    )
