"""The Streamlit pages: they draw and ask, and hold no SQL and no rule."""

# Before anything else: it says in words where this Python is too old.
import data  # noqa: F401
