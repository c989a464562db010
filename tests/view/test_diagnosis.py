"""What the Diagnose and A/B pages draw: cards, frames as data and tables, the picture of activities."""

import io

import numpy as np
from PIL import Image

from dbn_core.coach import detectors
from dbn_core.frames import Frame
from dbn_core.metrics import activity
from dbn_core.records import MetricPoint, Position
from dbn_core.view import ab, activity_image, diagnosis, frame_data, palette

UNITS = 7


def frame(epoch: float = 1.5, stage: str = "layer1", arrays: dict[str, np.ndarray] | None = None) -> Frame:
    """Unit 2 dead, unit 5 always on."""
    means = np.array([0.1, 0.2, 0.001, 0.4, 0.5, 0.999, 0.3], np.float32)
    histogram = np.array([0, 1, 5, 3, 1, -0.5, 0.5], np.float32)
    values = {
        "unit.activity": means,
        "unit.lifetime_sparsity": np.linspace(0.9, 0.3, UNITS, dtype=np.float32),
        "hidden": np.tile((255 * means).astype(np.uint8), (5, 1)),
        "histogram.W": histogram,
        "histogram.v_bias": histogram,
        "histogram.h_bias": histogram,
        "histogram.dW": histogram,
        "singular_values": np.array([4.0, 2.0, 1.0], np.float32),
    }
    return Frame(Position(150, epoch, stage), values | (arrays or {}))


def test_every_card_answers_a_question_and_says_when_it_lies() -> None:
    cards = diagnosis.cards()
    assert [card.more for card in cards].count(False) == 7
    assert len({card.key for card in cards}) == len(cards)
    for card in cards:
        assert card.help.question.endswith("?")
        assert card.help.good.startswith("Good: ")
        assert all((card.help.look, card.help.formula, card.help.unit, card.help.lies))
        assert bool(card.series) == (card.kind == "curve")
    for chart in ab.charts():
        assert chart.help.question.endswith("?")
        assert chart.help.lies


def test_cards_warn_where_the_coach_speaks() -> None:
    limits = {card.key: [limit for limit, _ in card.verdicts] for card in diagnosis.cards() if card.verdicts}
    assert limits["gap"] == [detectors.GAP_NATS, None]
    assert limits["step"][-2] == 100 * detectors.STEP_TOO_HIGH
    assert limits["chain_gap"][0] == -detectors.CHAINS_BELOW_NATS
    assert limits["chain_memory"][-2] == detectors.CHAINS_CORRELATION


def test_dead_and_always_on_mean_the_same_here_as_in_the_engine() -> None:
    assert frame_data.DEAD_BELOW == activity.DEAD_BELOW
    assert frame_data.ALWAYS_ON_ABOVE == activity.ALWAYS_ON_ABOVE


def test_a_frame_lists_its_failing_units_and_shares_that_sum_to_all() -> None:
    data = frame_data.frame_data(frame())
    assert (data["dead"], data["always_on"], data["units"], data["shown"]) == ([2], [5], UNITS, [5, 7])
    assert data["histograms"]["W"]["share"] == [0, 10, 50, 30, 10]
    assert (data["histograms"]["W"]["low"], data["histograms"]["W"]["high"]) == (-0.5, 0.5)
    assert (data["singular"], data["covariance"]) == ([4, 2, 1], [])


def test_the_table_of_units_names_their_state() -> None:
    head, rows = frame_data.table("hidden", [frame()])
    assert head == ["unit", "mean activity", "state"]
    assert [row[2] for row in rows] == ["", "", "dead", "", "", "always on", ""]


def test_the_table_of_selectivity_begins_with_the_most_selective_unit() -> None:
    sparsity = np.array([0.2, 0.9, 0.5, 0.1, 0.3, 0.4, 0.6], np.float32)
    _, rows = frame_data.table("selectivity", [frame(arrays={"unit.lifetime_sparsity": sparsity})])
    assert [row[0] for row in rows] == [1, 6, 2, 5, 4, 0, 3]


def test_the_table_of_a_histogram_has_the_edges_of_each_bin() -> None:
    _, rows = frame_data.table("histograms", [frame()])
    assert rows[:2] == [["W", -0.5, -0.3, 0], ["W", -0.3, -0.1, 1]]
    assert rows[4][2] == 0.5
    assert [row[0] for row in rows[::5]] == ["W", "v_bias", "h_bias", "dW"]


def test_the_table_of_spectra_has_a_column_a_frame_and_leaves_out_frames_without() -> None:
    short = frame(0.25, arrays={"singular_values": np.array([9.0], np.float32)})
    none = frame(0.5)
    del none.arrays["singular_values"]
    head, rows = frame_data.table("singular", [short, none, frame(3.0, "layer2")])
    assert head == ["mode", "layer 1, epoch 0.25", "layer 2, epoch 3.00"]
    assert rows == [[1, 9, 4], [2, "", 2], [3, "", 1]]
    assert frame_data.table("covariance", [none]) == (["mode"], [])


def test_the_picture_marks_failing_units_above_their_columns_and_draws_probability_as_ink() -> None:
    shown = frame().arrays
    content = activity_image.activity_image(shown["hidden"], shown["unit.activity"], "dark")
    pixels = np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))
    assert pixels.shape == (activity_image.MARK + activity_image.GAP + 5, UNITS, 3)
    page, blue, red = (palette.rgb(colour) for colour in (palette.PAGE["dark"], *palette.LAYERS["dark"][:2]))
    assert [tuple(pixel) for pixel in pixels[0]] == [page, page, blue, page, page, red, page]
    brightness = pixels[-1].astype(int).sum(1)
    assert list(np.argsort(brightness)) == [2, 0, 1, 6, 3, 4, 5]


def test_units_beyond_the_picture_are_not_marked_in_it() -> None:
    shown = frame().arrays
    content = activity_image.activity_image(shown["hidden"][:, :5], shown["unit.activity"], "light", scale=2)
    assert Image.open(io.BytesIO(content)).size == (10, 2 * (activity_image.MARK + activity_image.GAP + 5))


def test_long_runs_meet_at_the_ends_of_epochs_and_short_ones_wherever_they_can() -> None:
    def points(count: int) -> list[MetricPoint]:
        return [MetricPoint("sparsity", 0.1, Position(at, at / 4, "layer1"), at) for at in range(count)]

    assert len(ab.meeting(points(13))) == 13
    assert {point.position.epoch % 1 for point in ab.meeting(points(2001))} == {0.0}
