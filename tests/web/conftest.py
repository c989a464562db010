"""The web side over a store of its own, with no job cluster within reach."""

import pytest

from dbn_core.store import RunStore
from web import lab


@pytest.fixture
def store(store_url: str, monkeypatch: pytest.MonkeyPatch) -> RunStore:
    monkeypatch.setenv("DBN_STORE", store_url)
    monkeypatch.setenv("DBN_SCHEDULER", "tcp://127.0.0.1:9")  # nobody listens there
    return lab.store()
