"""What a replay file says of a run is what the store holds."""

import base64
import io
import math

import numpy as np
import pytest
from PIL import Image

from dbn_core.commands import SetHyperparameter
from dbn_core.config import RunConfig
from dbn_core.records import CommandRecord, MetricPoint, Position, SnapshotInfo
from dbn_core.view import replay
from tests.view.samples import NOON, point, run_info

CONFIG = RunConfig()


def indices(address: str) -> np.ndarray:
    header, _, content = address.partition(",")
    assert header == "data:image/png;base64"
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(content))))


def test_every_number_is_there_with_all_its_digits_also_those_that_are_none() -> None:
    values = (1 / 3, math.nan, math.inf, -math.inf, 5e-324)
    points = [point("recon_mse", value, step) for step, value in enumerate(values)]
    points.insert(1, point("sparsity", 0.1, 0))
    numbers = replay.document(run_info(), points, [])["numbers"]
    assert numbers["columns"] == ["recon_mse", "sparsity"]
    assert [row[3] for row in numbers["rows"]] == [1 / 3, "nan", "inf", "-inf", 5e-324]
    assert [row[4] for row in numbers["rows"]] == [0.1, None, None, None, None]
    assert numbers["rows"][3][:3] == [3, 3 / 160, 0]


def test_two_measurements_at_one_position_stay_two() -> None:
    rows = replay.document(run_info(), [point("a", 1.0, 5), point("a", 2.0, 5)], [])["numbers"]["rows"]
    assert [row[3] for row in rows] == [1.0, 2.0]


def test_layers_come_in_their_order_and_have_their_units() -> None:
    stages = replay.document(run_info(), [point("a", 1.0, 5, "layer9")], [])["stages"]
    assert [stage["key"] for stage in stages] == ["layer1", "layer9"]
    assert stages[0]["units"] == run_info().config.layers[0]
    assert stages[1]["units"] == 0


def test_a_mosaic_keeps_each_weight_to_half_a_step_of_its_scale() -> None:
    pixels = np.random.default_rng(3).integers(1, 256, (7, 5, 3), np.uint8)
    shown = replay.filters(
        SnapshotInfo("filters", Position(8, 0.5, "layer1"), pixels.shape, 0.2, "weights"), pixels, CONFIG
    )
    sheet = indices(shown["src"])
    assert (shown["columns"], shown["rows"], shown["units"]) == (3, 3, 7)
    fourth = sheet[6:11, 0:3].astype(float)
    np.testing.assert_allclose((fourth - 128) / 63, (pixels[3].astype(float) - 128) / 127, atol=0.5 / 63 + 1e-9)
    assert not sheet[5].any(), "gaps are index 0"
    assert not sheet[12:, 4:].any(), "and so are places without a unit"


def test_a_picture_shows_at_most_a_hundred_units() -> None:
    pixels = np.full((130, 2, 2), 128, np.uint8)
    shown = replay.filters(SnapshotInfo("filters", Position(), pixels.shape), pixels, CONFIG)
    assert (shown["units"], shown["columns"], shown["rows"]) == (100, 10, 10)


def test_reconstructions_are_exact() -> None:
    pixels = np.random.default_rng(5).integers(0, 256, (2, 3, 5, 4), np.uint8)
    shown = replay.strip(SnapshotInfo("reconstructions", Position(), pixels.shape), pixels)
    np.testing.assert_array_equal(indices(shown["originals"]), np.hstack(list(pixels[0])))
    np.testing.assert_array_equal(indices(shown["src"]), np.hstack(list(pixels[1])))


@pytest.mark.parametrize("position", [Position(3, 0.75, "layer1"), None])
def test_a_command_says_where_it_took_effect(position: Position | None) -> None:
    record = CommandRecord(1, SetHyperparameter("training.learning_rate", 0.02), NOON, position)
    (command,) = replay.document(run_info(), [], [record])["commands"]
    assert command["text"] == "learning rate = 0.02"
    assert command["epoch"] == (0.75 if position else None)
    assert command["step"] == (3 if position else None)


def test_settings_that_are_not_the_usual_ones_are_marked() -> None:
    config = run_info().config.with_values({"batch_size": 17})
    settings = replay.document(run_info(config=config), [MetricPoint("a", 1.0, Position())], [])["settings"]
    assert [item["key"] for item in settings if not item["usual"]] == ["batch_size"]
    assert next(item for item in settings if item["key"] == "batch_size")["value"] == "17"


def test_filters_of_colour_images_keep_their_channels_and_gaps_are_none_of_their_colours() -> None:
    pixels = np.random.default_rng(7).integers(1, 256, (3, 5, 2, 3), np.uint8)
    shown = replay.filters(SnapshotInfo("filters", Position(8, 0.5, "layer1"), pixels.shape, 0.2), pixels, CONFIG)
    sheet = indices(shown["src"])
    assert shown["colour"]
    assert sheet.shape == (11, 5, 3)
    second = sheet[:5, 3:5].astype(float)
    np.testing.assert_allclose((second - 128) / 63, (pixels[1].astype(float) - 128) / 127, atol=0.5 / 63 + 1e-9)
    assert not sheet[:, 2].any(), "gaps are 0 in every channel"


def test_reconstructions_of_colour_images_are_exact() -> None:
    pixels = np.random.default_rng(5).integers(0, 256, (2, 3, 5, 4, 3), np.uint8)
    shown = replay.strip(SnapshotInfo("reconstructions", Position(), pixels.shape), pixels)
    np.testing.assert_array_equal(indices(shown["originals"]), np.hstack(list(pixels[0])))
    np.testing.assert_array_equal(indices(shown["src"]), np.hstack(list(pixels[1])))


def test_only_charts_with_numbers_are_in_the_file() -> None:
    points = [point("recon_mse", 0.2, 1), point("heldout_error", 5.0, 1, "finetune")]
    charts = replay.document(run_info(), points, [])["charts"]
    assert [chart.key for chart in charts] == ["error", "classified"]
