"""app.py on a server of its own, with the scripts of our components; its port is the argument."""

import sys
from pathlib import Path

import streamlit as st
from starlette.routing import Route

from dashboard.web import scripts

app = st.App(Path(__file__).with_name("app.py"), routes=[Route(scripts.PATH, scripts.answer)])

if __name__ == "__main__":
    app.run(
        config={
            "server.port": int(sys.argv[1]),
            "server.address": "127.0.0.1",
            "server.headless": True,
            "server.fileWatcherType": "none",
            "browser.gatherUsageStats": False,
        }
    )
