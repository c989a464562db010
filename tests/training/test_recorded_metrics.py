"""Every number that a run records while it trains has a row in the table of metrics."""

import pytest
import torch

from dbn_core.config import RunConfig
from dbn_core.config.stages import LATER, LAYERS
from dbn_core.data import load_dataset
from dbn_core.metric_table import is_known
from dbn_core.records import RunStatus
from dbn_core.training.loop import train
from dbn_core.training.plan import Cadence, run_plan
from dbn_core.training.ports import MemoryRecorder, NullControl
from dbn_core.training.start import new_learner

TINY = {
    "data.train_size": 400,
    "layers": [37, 31],
    "epochs": 1,
    "batch_size": 40,
    "training.chains": 20,
    "likelihood.every": 1,
    "likelihood.chains": 7,
    "likelihood.temperatures": 11,
}
ALL_STAGES = {
    "labels.joint": True,
    "updown.epochs": 1,
    "finetune.epochs": 1,
    "finetune.patience": 5,
    "vae.epochs": 1,
    "vae.hidden": 13,
    "hybrid.epochs": 1,
    "fewlabels.seeds": 1,
    "fewlabels.updates": 1,
}


def recorded(**values: object) -> dict[str, set[str]]:
    """Names of metrics by stage, of a run with these settings."""
    config = RunConfig().with_values(TINY | values)
    recorder = MemoryRecorder()
    learner = new_learner(config, load_dataset("digits"), torch.device("cpu"))
    assert train(learner, run_plan(config, Cadence()), config, recorder, NullControl()) is RunStatus.DONE
    names: dict[str, set[str]] = {}
    for position, numbers in recorder.rows:
        names.setdefault(position.stage, set()).update(numbers)
    return names


def test_every_number_of_every_stage_has_a_row() -> None:
    names = recorded(**ALL_STAGES)
    assert set(names) == {"layer1", "layer2", *(kind.name for kind in LATER)}
    assert {"log_likelihood_rais_low", "log_partition_ais_high"} < names["layer2"]
    promised = {"dead_units", "always_on_units", "constant_units", "class_purity", "localisation", "sparsity"}
    assert all(promised < names[layer] for layer in ("layer1", "layer2"))
    assert "validation_error" in names["finetune"]
    assert any(name.startswith("error/scratch/") for name in names["fewlabels"])
    assert [name for own in names.values() for name in own if not is_known(name)] == []


@pytest.mark.parametrize("method", ["pcd", "fpcd", "tempering"])
def test_every_number_of_every_estimator_has_a_row(method: str) -> None:
    order = "together" if method == "pcd" else "greedy"
    names = recorded(**{"training.method": method, "training.order": order, "epochs": 2, "layers": [17, 13]})
    assert LAYERS.name not in names, "each layer records under its own name"
    assert {"constant_units", "class_purity"} < names["layer2"]
    assert {"log_likelihood_exact"} < names["layer2"]
    expected = {"fpcd": "fast_weight_share", "tempering": "swap_acceptance_min", "pcd": "chain_energy_gap"}
    assert expected[method] in names["layer1"]
    assert [name for own in names.values() for name in own if not is_known(name)] == []
