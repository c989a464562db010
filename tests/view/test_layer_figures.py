"""From the pictures and numbers of a run to the figures that its verdict needs."""

from typing import Any

from dbn_core.config import RunConfig
from dbn_core.records import MetricPoint, Position, SnapshotInfo
from dbn_core.view.layer_figures import LayerPictures, layer_figures, layer_pictures
from dbn_core.view.verdict import LayerFigures, Size

CONFIG = RunConfig().with_values({"layers": [40, 20]})
RESPONSES = "response_average"


def picture(number: int, epoch: float, stage: str, way: Any, kind: Any = "filters") -> SnapshotInfo:
    return SnapshotInfo(kind, Position(round(10 * epoch), epoch, stage), (20, 5, 3), 0.3, way, number)


def test_a_layer_is_looked_at_after_its_own_first_epoch_and_at_its_end() -> None:
    first = [picture(number, epoch, "layer1", "weights") for number, epoch in enumerate((0, 0.5, 1, 2, 3), 1)]
    second = [picture(number, epoch, "layer2", RESPONSES) for number, epoch in enumerate((3, 3.2, 4, 6), 11)]
    beside = [picture(number, epoch, "layer1", RESPONSES, "projection") for number, epoch in enumerate((0, 3, 2), 21)]
    one, two = layer_pictures(CONFIG, [*second, *first], beside)
    assert (one.first, one.last, one.responses) == (first[2], first[4], beside[1])
    assert (two.first, two.last, two.responses) == (second[2], second[3], second[3])


def test_a_layer_that_has_just_begun_or_never_began_is_not_compared_with_itself() -> None:
    one, two = layer_pictures(CONFIG, [picture(1, 0, "layer1", "weights"), picture(2, 0.3, "layer1", "weights")], [])
    assert (one.first, one.last and one.last.id, one.responses) == (None, 2, None)
    assert two == LayerPictures(2, 20)


def test_pictures_drawn_in_another_way_are_not_compared() -> None:
    old = picture(1, 1, "layer2", "linear_combination")
    new = picture(2, 6, "layer2", RESPONSES)
    two = layer_pictures(CONFIG, [picture(3, 0, "layer2", "linear_combination"), old, new], [])[1]
    assert (two.first, two.last) == (None, new)


def test_figures_are_those_of_the_newest_measurements() -> None:
    pictures = [
        LayerPictures(1, 40, picture(1, 1, "layer1", "weights"), picture(2, 3, "layer1", "weights")),
        LayerPictures(2, 20, last=(last := picture(4, 6, "layer2", RESPONSES)), responses=last),
    ]
    numbers = [("layer1", "class_purity", 0.5), ("layer1", "class_purity", 0.6), ("layer1", "dead_units", 10.0)]
    points = [MetricPoint(name, value, Position(at, 1.0, stage)) for at, (stage, name, value) in enumerate(numbers)]
    points += [MetricPoint(name, value, Position(9, 6.0, "layer2")) for name, value in (("constant_units", 15.0),)]
    sizes = {1: (0.2, 8.0), 2: (0.1, 6.0), 4: (0.3, 9.0)}
    assert layer_figures(pictures, sizes, points) == [
        LayerFigures(1, "filters", Size(0.2, 8.0), Size(0.1, 6.0), None, 0.6, 0.25),
        LayerFigures(2, "responses", None, Size(0.3, 9.0), Size(0.3, 9.0), None, 0.75),
    ]
