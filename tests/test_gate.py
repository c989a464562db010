"""The gate on figures: what all presets promise, what one promises for itself, and who speaks at the end of a layer."""

import math

import pytest
from pydantic import ValidationError

from dbn_core.coach.gate import IDLE_SHARE, Ended, broken_promises, last_words
from dbn_core.coach.promises import final_figures
from dbn_core.config import Promise, RunConfig, presets
from dbn_core.metric_table import metric_of
from dbn_core.records import EVALUATION, MetricPoint, Position, Progress, RunInfo, RunStatus
from tests.view.samples import run_info

CONFIG = RunConfig().with_values({"layers": [200, 100], "finetune.epochs": 5})
OWN = {"named", "classes"}  # figures of `benchmarks.preset_run`, which no run records


def ended(figures: dict[str, float]) -> Ended:
    return Ended(CONFIG, "", figures, ())


def points(stage: str, name: str, value: float) -> list[MetricPoint]:
    return [MetricPoint(name, value, Position(step, float(step), stage), step + 1) for step in range(6)]


def done(config: RunConfig = CONFIG, stage: str = "finetune") -> RunInfo:
    return run_info(config=config, status=RunStatus.DONE, progress=Progress(Position(99, 25.0, stage), 25, 3, 3))


def test_a_healthy_run_keeps_every_promise() -> None:
    assert broken_promises((), ended({"layer1.dead_units": 0, "layer2.constant_units": 0})) == []


@pytest.mark.parametrize(("metric", "words"), [
    ("dead_units", "dead"), ("always_on_units", "always on"), ("constant_units", "constant"),
])  # fmt: skip
def test_units_that_take_no_part_break_it_in_any_layer(metric: str, words: str) -> None:
    most = math.floor(IDLE_SHARE * 100)
    assert broken_promises((), ended({f"layer2.{metric}": most})) == []
    (sentence,) = broken_promises((), ended({f"layer2.{metric}": most + 1}))
    assert sentence.startswith(f"{most + 1} of 100 units of layer2 are {words}")


def test_units_that_are_copies_of_one_another_break_it() -> None:
    assert broken_promises((), ended({"layer1.likeness": 0.45})) == []
    (sentence,) = broken_promises((), ended({"layer2.likeness": 0.95}))
    assert sentence == "The units of layer2 are alike: they correlate by 0.95."


def test_a_run_that_did_not_get_to_its_end_breaks_it() -> None:
    stopped = run_info(config=CONFIG, status=RunStatus.STOPPED, message="")
    assert broken_promises((), Ended.of(stopped, [])) == ["The run ended stopped"]


def test_a_promise_of_its_own_is_broken_outside_its_bounds_and_where_nothing_was_measured() -> None:
    promise = Promise(figure="layer2.class_purity", at_least=0.85, at_most=0.95)
    assert broken_promises([promise], ended({"layer2.class_purity": 0.85})) == []
    for value in (0.84, 0.96, math.nan):
        assert broken_promises([promise], ended({"layer2.class_purity": value}))
    (sentence,) = broken_promises([promise], ended({}))
    assert sentence == "layer2.class_purity was not measured, and at least 0.85 and at most 0.95 was promised."


def test_a_promise_without_bounds_is_none() -> None:
    with pytest.raises(ValidationError, match="needs a bound"):
        Promise(figure="layer1.dead_units")


def test_the_last_value_of_each_metric_counts_and_an_evaluation_has_no_stage() -> None:
    recorded = [*points("layer1", "sparsity", 0.2), MetricPoint("sparsity", 0.1, Position(7, 7.0, "layer1"), 8)]
    recorded += [MetricPoint("samples.dreams.recall", 0.7, Position(9, 9.0, EVALUATION), 9)]
    assert final_figures(recorded) == {"layer1.sparsity": 0.1, "samples.dreams.recall": 0.7}


def test_the_coach_is_heard_at_the_end_of_each_layer_though_the_run_went_on() -> None:
    recorded = points("layer1", "dead_units", 150) + points("layer2", "dead_units", 0) + points("finetune", "loss", 1)
    (sentence,) = last_words(done(), recorded)
    assert "150 of 200 units are dead" in sentence
    assert last_words(done(), points("layer1", "dead_units", 0)) == ()
    assert any("150 of 200" in said for said in broken_promises((), Ended.of(done(), recorded)))


def test_layers_that_learn_together_are_heard_together() -> None:
    config = RunConfig().with_values({"layers": [200, 100], "training.order": "together"})
    recorded = points("layer1", "dead_units", 0) + points("layer2", "dead_units", 50)
    (sentence,) = last_words(done(config, "layers"), recorded)
    assert sentence.startswith("Layer 2: 50 of 100 units are dead")


def test_presets_promise_figures_that_there_are() -> None:
    for item in presets():
        for promise in item.promises:
            name = promise.figure.partition(".")[2] if promise.figure.startswith("layer") else promise.figure
            assert name in OWN or metric_of(name), (item.name, promise.figure)
