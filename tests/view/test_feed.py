"""The answer to a live page: small, complete, each point once."""

import itertools
import json
from math import inf, nan

from dbn_core.commands import Pause, SetHyperparameter
from dbn_core.records import CommandRecord, Position, SnapshotInfo
from dbn_core.view.curves import charts, drawn_metrics
from dbn_core.view.feed import MOST_POINTS, Known, News, feed, rounded, thinned
from tests.view.samples import NOON, point, run_info

DRAWN = frozenset(drawn_metrics())


def test_points_are_grouped_by_metric_and_stage_and_the_cursor_is_the_last_one_seen() -> None:
    points = [point("recon_mse", 0.2, 10), point("sparsity", 0.4, 10), point("recon_mse", 0.123456, 20, "layer2")]
    answer = feed("7", Known(3, 0), News(run_info(), points, drawn=DRAWN))
    assert answer["points"] == {
        "recon_mse/layer1": ([0.0625], [0.2]),
        "sparsity/layer1": ([0.0625], [0.4]),
        "recon_mse/layer2": ([0.125], [0.1235]),
    }
    assert answer["cursor"] == {"metric": 21, "command": 0, "ghost": 0}


def test_with_nothing_new_the_cursors_stay_where_they_are() -> None:
    answer = feed("7", Known(21, 4), News(run_info(), drawn=DRAWN))
    assert answer["cursor"] == {"metric": 21, "command": 4, "ghost": 0}
    assert answer["points"] == {}


def test_metrics_that_no_chart_draws_are_not_sent() -> None:
    answer = feed("7", Known(), News(run_info(), [point("momentum", 0.9, 1)], drawn=DRAWN))
    assert answer["points"] == {}


def test_a_number_that_is_none_becomes_a_hole_and_the_answer_stays_json() -> None:
    points = [point("recon_mse", value, step) for step, value in enumerate((0.1, nan, inf, -inf))]
    answer = feed("7", Known(), News(run_info(), points, drawn=DRAWN))
    assert answer["points"]["recon_mse/layer1"][1] == [0.1, None, None, None]
    json.dumps(answer, allow_nan=False)


def test_only_the_first_look_at_a_long_run_is_thinned_and_it_keeps_both_ends() -> None:
    points = [point("recon_mse", 1 / (step + 1), step) for step in range(5000)]
    first = feed("7", Known(), News(run_info(), points, drawn=DRAWN))["points"]["recon_mse/layer1"]
    later = feed("7", Known(1), News(run_info(), points, drawn=DRAWN))["points"]["recon_mse/layer1"]
    assert len(first[0]) == MOST_POINTS
    assert (first[0][0], first[0][-1]) == (0.0, round(4999 / 160, 4))
    assert len(later[0]) == 5000


def test_thinned_points_are_in_order_and_evenly_spaced() -> None:
    steps = [kept.position.step for kept in thinned([point("sparsity", 0.1, step) for step in range(997)], 101)]
    gaps = [b - a for a, b in itertools.pairwise(steps)]
    assert (steps[0], steps[-1], min(gaps), max(gaps)) == (0, 996, 9, 10)


def test_a_tick_of_a_deep_run_takes_less_than_five_kilobytes() -> None:
    points = [point(metric, 0.123456789, 50_000 + tick, "layer3") for tick in range(4) for metric in drawn_metrics()]
    filters = SnapshotInfo(
        "filters", Position(50_000, 12.34, "layer3"), (100, 28, 28), 0.123456, "linear_combination", 9
    )
    strip = SnapshotInfo("reconstructions", Position(50_000, 12.34, "layer3"), (2, 16, 28, 28), id=10)
    answer = feed("123456", Known(1), News(run_info(), points, (), filters, strip, DRAWN))
    assert len(json.dumps(answer).encode()) < 5000


def test_filters_say_their_stage_by_key_in_words_and_by_depth() -> None:
    def told(stage: str) -> tuple[str, str, int]:
        info = SnapshotInfo("filters", Position(320, 2.0, stage), (7, 5, 3), 0.5, "weights", 9)
        filters = feed("7", Known(1), News(run_info(), filters=info))["filters"]
        assert filters is not None
        return filters["stage"], filters["label"], filters["depth"]

    assert told("layer1") == ("layer1", "layer 1", 1)
    assert told("finetune") == ("finetune", "classifier", 0)


def test_a_command_is_waiting_until_it_is_obeyed_and_then_a_mark() -> None:
    where = Position(320, 2.0, "layer1")
    records = [
        CommandRecord(5, SetHyperparameter("training.k", 3), NOON, where),
        CommandRecord(6, SetHyperparameter("training.k", 999), NOON, where, "give a whole number"),
        CommandRecord(7, Pause(), NOON, None),
    ]
    answer = feed("7", Known(1, 4), News(run_info(), commands=records, drawn=DRAWN))
    assert answer["marks"] == [
        {"epoch": 2.0, "step": 320, "text": "k = 3", "problem": ""},
        {"epoch": 2.0, "step": 320, "text": "k = 999", "problem": "give a whole number"},
    ]
    assert answer["waiting"] == ["pause"]
    assert answer["cursor"]["command"] == 6


def test_rounding_keeps_what_can_be_seen() -> None:
    assert [rounded(value) for value in (0.0, 0.00123456, 98765.4)] == [0.0, 0.001235, 98770.0]


def test_every_chart_asks_a_question_and_names_its_unit() -> None:
    for chart in charts():
        assert chart.help.question.endswith("?")
        assert all((chart.axis, chart.help.look, chart.help.formula, chart.help.unit, chart.help.split))
    assert {"recon_mse", "heldout_recon_mse", "sparsity", "dead_units"} <= set(drawn_metrics())
