"""What the coach says of stages: of layers only, of each of them where they learn together, and never of others."""

import pytest

from dbn_core.coach import METRICS, advise, judges
from dbn_core.config import RunConfig
from dbn_core.config.stages import LATER
from dbn_core.records import MetricPoint, Position, Progress, RunInfo, RunStatus
from tests.view.samples import run_info

CONFIG = RunConfig().with_values({"layers": [31, 23], "finetune.epochs": 9})


def points(stage: str, dead: float) -> list[MetricPoint]:
    return [MetricPoint("dead_units", dead, Position(step, float(step), stage), step + 1) for step in range(6)]


def info(stage: str, config: RunConfig = CONFIG, status: RunStatus = RunStatus.RUNNING) -> RunInfo:
    return run_info(config=config, status=status, progress=Progress(Position(5, 5.0, stage), 30, 1, 3))


def test_a_layer_with_dead_units_is_told_while_it_learns_and_not_in_a_later_stage() -> None:
    measured = points("layer2", 17.0)
    assert [advice.detector for advice in advise(info("layer2"), CONFIG, [], measured)] == ["dead units"]
    for stage in (kind.name for kind in LATER):
        assert advise(info(stage), CONFIG, [], measured) == ()
        assert not judges(info(stage))
    assert "recon_mse" in METRICS, "which up-down and the VAE record as well"


def test_of_layers_that_learn_together_each_is_looked_at_and_named() -> None:
    config = CONFIG.with_values({"training.order": "together"})
    both = [point for pair in zip(points("layer1", 29.0), points("layer2", 0.0), strict=True) for point in pair]
    (advice,) = advise(info("layers", config), config, [], both)
    assert advice.sentence.startswith("Layer 1: 29 of 31 units are dead")


@pytest.mark.parametrize("stage", ["finetune", "fewlabels"])
def test_a_diverged_classifier_is_mended_by_its_own_rate(stage: str) -> None:
    (advice,) = advise(info(stage, status=RunStatus.DIVERGED), CONFIG, [], [])
    assert (advice.remedy.field, advice.remedy.value) == ("finetune.learning_rate", 1e-4)
