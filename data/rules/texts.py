"""Which texts there can be in a database."""


def is_text(written: str) -> bool:
    """Whether it can be stored there and asked for: it holds no NUL, and no half of a pair of surrogates."""
    return "\x00" not in written and written.encode("utf-8", "ignore").decode() == written
