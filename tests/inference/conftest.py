"""A small network trained for real, once for all questions."""

import pytest

from tests.inference.training import StoredRun, trained_in_a_store

SETTINGS = {"data.train_size": 1000, "layers": [37, 23], "epochs": 3, "batch_size": 20, "training.learning_rate": 0.1}


@pytest.fixture(scope="session")
def trained_run(tmp_path_factory: pytest.TempPathFactory) -> StoredRun:
    return trained_in_a_store(tmp_path_factory, "trained", SETTINGS)
