"""Results of the experiment are gathered by method, labels and seed."""

import pytest

from dbn_core.config import RunConfig
from dbn_core.records import MetricPoint, Position
from dbn_core.view.few_labels import few_labels_config, few_labels_points, few_labels_progress, trainings_each_seed


def point(name: str, value: float, step: int = 1, stage: str = "fewlabels") -> MetricPoint:
    return MetricPoint(name, value, Position(step, 1.0, stage))


def test_points_come_method_by_method_with_mean_and_spread() -> None:
    metrics = [
        point("error/scratch/100/0", 30.0),
        point("error/global/300/0", 9.0),
        point("error/global/100/1", 22.0),
        point("error/global/100/0", 20.0),
        point("loss", 0.3),
        point("error/global/100/2", 1.0, stage="finetune"),
    ]
    points = few_labels_points(metrics)
    assert [(p.method, p.labels, p.errors) for p in points] == [
        ("global", 100, (20.0, 22.0)),
        ("global", 300, (9.0,)),
        ("scratch", 100, (30.0,)),
    ]
    assert points[0].mean == 21.0
    assert points[0].spread == pytest.approx(2**0.5)
    assert points[1].spread == 0.0
    config = RunConfig().with_values({"fewlabels.seeds": 3})
    assert few_labels_progress(points, config) == (4, 45)
    assert few_labels_progress(points, RunConfig()) == (4, 4), "kept of an experiment, which is over"


def test_a_training_repeated_after_a_crash_counts_once() -> None:
    metrics = [point("error/frozen/100/0", 5.0, step=9), point("error/frozen/100/0", 4.0, step=7)]
    assert few_labels_points(metrics)[0].errors == (5.0,)


def test_the_experiment_goes_on_from_pretraining() -> None:
    trained = RunConfig().with_values({"layers": [13, 11], "finetune.epochs": 5, "hybrid.epochs": 2, "epochs": 3})
    config = few_labels_config(trained, seeds=2, updates=7)
    assert config.stages == {"layer1": 3, "layer2": 3, "fewlabels": 2 * trainings_each_seed()}
    assert config.fewlabels.updates == 7
