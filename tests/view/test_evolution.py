"""The source article's table beside a run's own numbers."""

import math

import numpy as np
import pytest
import torch

from dbn_core import metrics
from dbn_core.config import RunConfig
from dbn_core.records import MetricPoint, Position, SnapshotInfo
from dbn_core.view import curves
from dbn_core.view.evolution import charts, measured, milestones, pictured
from dbn_core.view.filter_measures import picture_measures


def taken(name: str, value: float, epoch: float, stage: str = "layer1") -> MetricPoint:
    return MetricPoint(name, value, Position(round(epoch * 100), epoch, stage), id=1)


def drawn(number: int, epoch: float, stage: str = "layer1") -> SnapshotInfo:
    return SnapshotInfo("filters", Position(round(epoch * 100), epoch, stage), (23, 5, 3), 0.3, "weights", number)


def test_the_articles_numbers_stand_as_published() -> None:
    rows = milestones([], pictured([]), {})
    assert [(row["epoch"], row["error"], row["seen"]) for row in rows] == [
        (1, 0.235, "edges"),
        (10, 0.128, "strokes"),
        (30, 0.082, "digit parts"),
    ]
    assert all(row["run"] is None for row in rows)


def test_a_run_shows_what_is_nearest_to_each_epoch_in_named_units() -> None:
    points = [
        taken("recon_mse", 0.0625, 0.9),
        taken("recon_mse", 0.04, 1.02),
        taken("recon_ce", 0.2, 1.0),
    ]
    first, second, third = milestones(points, pictured([drawn(4, 0.5), drawn(7, 1.0), drawn(9, 5.0)]), {7: (0.17, 5.3)})
    own = first["run"]
    assert own is not None
    assert own["picture"] == 7
    assert (own["mse"], own["root"], own["cross_entropy"]) == (0.04, 0.2, 0.2)
    assert (own["localisation"], own["scale"]) == (17.0, 5.3)
    assert second["run"] is third["run"] is None


def test_an_epoch_without_a_picture_that_the_run_has_passed_is_not_called_missing() -> None:
    (_, tenth, thirtieth) = milestones([taken("recon_mse", 0.0625, 10.0)], pictured([drawn(7, 1.0)]), {7: (0.17, 5.3)})
    assert tenth["run"] is not None
    assert (tenth["run"]["picture"], tenth["run"]["root"], tenth["run"]["scale"]) == (None, 0.25, None)
    assert thirtieth["run"] is None


def test_numbers_of_other_layers_or_epochs_are_not_borrowed() -> None:
    points = [taken("recon_mse", 0.01, 10.0, "layer2"), taken("recon_mse", 0.02, 7.0)]
    (_, tenth, _) = milestones(points, pictured([drawn(3, 10.2), drawn(5, 10.0, "layer2")]), {3: (1, 1)})
    assert tenth["run"] is not None
    assert tenth["run"]["picture"] == 3
    assert tenth["run"]["mse"] is None


def test_an_error_that_is_no_number_stays_a_hole() -> None:
    (first, _, _) = milestones([taken("recon_mse", math.nan, 1.0)], pictured([drawn(3, 1.0)]), {3: (1, 1)})
    assert first["run"] is not None
    assert first["run"]["mse"] is None
    assert first["run"]["root"] is None


def test_measures_of_a_picture_are_those_of_the_monitor() -> None:
    weights = np.random.default_rng(3).integers(1, 256, (7, 11, 13)).astype(np.uint8)
    weights[2] = 128  # all zero
    weights[3] = 200  # constant
    exact = torch.tensor(weights.astype(float) - 128)
    local, scale = picture_measures(weights)
    assert local == pytest.approx(metrics.localisation(exact).mean().item(), rel=1e-6)
    assert scale == pytest.approx(metrics.spatial_scale(exact).mean().item(), rel=1e-6)


def test_curves_of_measures_come_as_columns_by_layer() -> None:
    rows = [
        (Position(10, 1.0, "layer1"), (0.31, 2.5)),
        (Position(20, 2.0, "layer1"), (0.29, 3.5)),
        (Position(30, 3.0, "layer2"), (0.23, 6.5)),
    ]
    assert measured(rows) == {
        "localisation/layer1": ([1.0, 2.0], [0.31, 0.29]),
        "spatial_scale/layer1": ([1.0, 2.0], [2.5, 3.5]),
        "localisation/layer2": ([3.0], [0.23]),
        "spatial_scale/layer2": ([3.0], [6.5]),
    }


def test_error_and_activity_are_the_charts_of_the_train_page() -> None:
    shared = {chart.key: chart for chart in curves.charts()}
    assert [chart.key for chart in charts()] == ["error", "activity", "localisation", "scale"]
    assert all(shared.get(chart.key, chart) == chart for chart in charts())


def test_the_preset_is_the_articles_experiment() -> None:
    article = RunConfig.preset("source-article")
    assert (article.data.name, article.layers, article.epochs, article.batch_size) == ("mnist", (500,), 30, 64)
    assert (article.training.learning_rate, article.training.schedule, article.training.clamp) == (0.1, "staged", 4.0)
