"""Small runs trained for real, once for all tests of this folder."""

import pytest

from tests.inference.training import StoredRun, trained_in_a_store

COMMON = {"data.train_size": 300, "epochs": 2, "batch_size": 20, "training.learning_rate": 0.1}


@pytest.fixture(scope="package")
def tuned(tmp_path_factory: pytest.TempPathFactory) -> StoredRun:
    """Two layers under a fine-tuned classifier."""
    return trained_in_a_store(tmp_path_factory, "tuned", COMMON | {"layers": [37, 23], "finetune.epochs": 5})


@pytest.fixture(scope="package")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> StoredRun:
    """One layer that sees the label, small enough to be enumerated."""
    return trained_in_a_store(tmp_path_factory, "labelled", COMMON | {"layers": [7], "labels.joint": True})


@pytest.fixture(scope="package")
def standardised(tmp_path_factory: pytest.TempPathFactory) -> StoredRun:
    """Gaussian units, without a classifier."""
    settings = {"layers": [11], "visible": "gaussian", "data.preprocessing": "standard", "training.learning_rate": 0.01}
    return trained_in_a_store(tmp_path_factory, "standardised", COMMON | settings)


@pytest.fixture(scope="package")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> StoredRun:
    """A classifier without pretrained layers."""
    return trained_in_a_store(tmp_path_factory, "scratch", COMMON | {"layers": [13], "epochs": 0, "finetune.epochs": 1})
