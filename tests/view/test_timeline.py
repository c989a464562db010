"""What stands under the scrubber."""

from typing import Any

from dbn_core.config import RunConfig
from dbn_core.records import Position, SnapshotInfo
from dbn_core.view.stages import depth_of
from dbn_core.view.timeline import Kept, Recorded, timeline
from tests.view.samples import run_info


def picture(number: int, step: int, stage: str, kind: Any = "filters", projection: str = "") -> SnapshotInfo:
    shape = (97,) if kind == "diagnostics" else (23, 5, 3)
    return SnapshotInfo(kind, Position(step, step / 10, stage), shape, 0.25 * number, projection, number)


CONFIG = RunConfig().with_values({"layers": [31, 4000]})
INFO = run_info(config=CONFIG)


def test_a_run_without_pictures_has_an_empty_film() -> None:
    film = timeline(INFO, Recorded())
    assert film["positions"] == {"step": [], "epoch": [], "stage": []}
    assert [(layer["units"], layer["shown"], layer["film"]) for layer in film["layers"]] == [(31, 0, []), (4000, 0, [])]


def test_the_scrubber_stands_wherever_some_layer_was_drawn_in_order_of_training() -> None:
    filters = [picture(7, 40, "layer2"), picture(3, 10, "layer1"), picture(5, 20, "layer1")]
    film = timeline(INFO, Recorded(filters=filters))
    assert film["positions"] == {
        "step": [10, 20, 40],
        "epoch": [1.0, 2.0, 4.0],
        "stage": ["layer 1", "layer 1", "layer 2"],
    }
    first, second = film["layers"]
    assert first["pictures"] == {
        "id": [3, 5],
        "step": [10, 20],
        "epoch": [1.0, 2.0],
        "scale": [0.75, 1.25],
        "tuned": ["", ""],
    }
    assert second["pictures"]["id"] == [7]
    assert (second["units"], second["shown"]) == (4000, 23)


def test_of_two_pictures_of_one_moment_the_newer_counts() -> None:
    film = timeline(INFO, Recorded(filters=[picture(3, 10, "layer1"), picture(9, 10, "layer1")]))
    assert film["layers"][0]["pictures"]["id"] == [9]
    assert film["positions"]["step"] == [10]


def test_projections_are_listed_by_layer_and_kind_and_not_as_positions() -> None:
    ways = ("activation maximisation", "clamp and sample down")
    kept = [picture(number, 30, "layer2", "projection", way) for number, way in enumerate(ways, 11)]
    film = timeline(INFO, Recorded(filters=[picture(3, 10, "layer1")], projections=kept))
    assert [(item["id"], item["step"], item["projection"]) for item in film["layers"][1]["projections"]] == [
        (11, 30, ways[0]),
        (12, 30, ways[1]),
    ]
    assert film["layers"][0]["projections"] == []
    assert film["positions"]["step"] == [10]


def test_a_checkpoint_says_how_many_layers_have_begun() -> None:
    kept = [
        Kept(9, Position(50, 5.0, "finetune")),
        Kept(2, Position(10, 1.0, "layer1")),
        Kept(4, Position(30, 3.0, "layer2")),
    ]
    assert timeline(INFO, Recorded(checkpoints=kept))["checkpoints"] == {
        "id": [2, 4, 9],
        "step": [10, 30, 50],
        "epoch": [1.0, 3.0, 5.0],
        "depth": [1, 2, 2],
    }


def test_a_film_of_a_thousand_epochs_is_24_moments() -> None:
    filters = [picture(number, 100 * number, "layer1") for number in range(1, 401)]
    film = timeline(INFO, Recorded(filters=filters))
    assert len(film["positions"]["step"]) == 400
    assert len(film["layers"][0]["film"]) == 24
    assert film["layers"][0]["film"][-1] == 399


def test_stages_that_are_no_layers_have_no_depth() -> None:
    assert [depth_of(stage) for stage in ("layer1", "layer12", "finetune", "layer", "layerx", "")] == [
        1,
        12,
        0,
        0,
        0,
        0,
    ]


def test_layers_that_learn_together_have_their_films_from_the_first_moment() -> None:
    info = run_info(config=CONFIG.with_values({"training.order": "together"}))
    pictures = [picture(2 * step + depth, step, f"layer{depth}") for step in (0, 7, 13) for depth in (1, 2)]
    film = timeline(info, Recorded(filters=pictures, checkpoints=[Kept(4, Position(13, 1.3, "layers"))]))
    assert film["positions"]["step"] == [0, 7, 13]
    assert set(film["positions"]["stage"]) == {"all layers"}
    assert [layer["pictures"]["step"] for layer in film["layers"]] == [[0, 7, 13], [0, 7, 13]]
    assert film["checkpoints"]["depth"] == [2], "every layer can be asked about"


def test_tuning_goes_on_with_the_film_of_the_first_layer_and_says_so() -> None:
    info = run_info(config=CONFIG.with_values({"updown.epochs": 3, "finetune.epochs": 2}))
    tuned = [
        picture(9, 70, "updown", projection="generative weights"),
        picture(11, 90, "finetune", projection="weights"),
    ]
    film = timeline(info, Recorded(filters=[picture(3, 10, "layer1"), picture(5, 40, "layer2"), *tuned]))
    first, second = film["layers"]
    assert first["pictures"]["id"] == [3, 9, 11]
    assert first["pictures"]["tuned"] == ["", "generative weights, up-down", "classifier"]
    assert second["pictures"]["id"] == [5]
    assert film["positions"]["stage"] == ["layer 1", "layer 2", "up-down", "classifier"]


def test_the_decoder_of_a_vae_has_a_film_of_its_own_without_questions() -> None:
    settings = {"epochs": 0, "vae.epochs": 4, "vae.hidden": 37}
    film = timeline(run_info(config=CONFIG.with_values(settings)), Recorded(filters=[picture(3, 10, "vae")]))
    assert [(layer["stage"], layer["depth"], layer["units"]) for layer in film["layers"]] == [("vae", 0, 37)]
    assert film["positions"] == {"step": [10], "epoch": [1.0], "stage": ["VAE"]}
