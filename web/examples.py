"""The examples that come with the lab are made beside the start of the server: no page waits for them."""

import threading

from dbn_core.gallery import make_examples

NAME = "examples"  # of the thread


def begin() -> threading.Thread:
    """Make them where they are missing, in a thread of their own; returns at once."""
    thread = threading.Thread(target=make_examples, name=NAME, daemon=True)
    thread.start()
    return thread


def are_coming() -> bool:
    """Whether they are being made at this moment."""
    return any(thread.name == NAME for thread in threading.enumerate())
