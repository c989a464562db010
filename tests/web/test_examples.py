"""The examples are made beside the start of the server."""

import threading
from pathlib import Path

import pytest

from dbn_core.store import RunStore
from tests.gallery import small_gallery
from tests.waiting import PATIENCE
from web import examples


def test_no_page_waits_for_them_and_then_they_are_there(
    store: RunStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_gallery(tmp_path, monkeypatch)
    assert not examples.are_coming()
    may_end = threading.Event()
    make = examples.make_examples
    monkeypatch.setattr(examples, "make_examples", lambda: (may_end.wait(PATIENCE), make()))
    thread = examples.begin()
    assert thread.daemon
    assert examples.are_coming()
    assert store.examples() == []
    may_end.set()
    thread.join()
    assert not examples.are_coming()
    assert len(store.examples()) == 2
