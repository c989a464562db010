"""Pages over a store of their own, with no job cluster within reach."""

import pytest

from dbn_core.store import RunStore
from pages.parts import lab


@pytest.fixture
def store(store_url: str, monkeypatch: pytest.MonkeyPatch) -> RunStore:
    monkeypatch.setenv("DBN_STORE", store_url)
    monkeypatch.setenv("DBN_SCHEDULER", "tcp://127.0.0.1:9")  # nobody listens there
    return lab.store()
