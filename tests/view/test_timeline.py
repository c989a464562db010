"""What stands under the scrubber."""

from typing import Any

from dbn_core.config import RunConfig
from dbn_core.config.stages import depth_of
from dbn_core.records import Position, SnapshotInfo
from dbn_core.view.timeline import Askable, Recorded, choices, panels, timeline
from tests.view.samples import run_info


def picture(number: int, step: int, stage: str, kind: Any = "filters", projection: Any = "") -> SnapshotInfo:
    shape = (97,) if kind == "diagnostics" else (23, 5, 3)
    return SnapshotInfo(kind, Position(step, step / 10, stage), shape, 0.25 * number, projection, number)


CONFIG = RunConfig().with_values({"layers": [31, 4000]})
INFO = run_info(config=CONFIG)


def test_a_run_without_pictures_has_an_empty_film() -> None:
    film = timeline(INFO, Recorded())
    assert film["positions"] == {"step": [], "epoch": [], "stage": [], "tuning": []}
    assert [(layer["units"], layer["shown"], layer["film"]) for layer in film["layers"]] == [(31, 0, []), (4000, 0, [])]


def test_the_scrubber_stands_wherever_some_layer_was_drawn_in_order_of_training() -> None:
    filters = [picture(7, 40, "layer2"), picture(3, 10, "layer1"), picture(5, 20, "layer1")]
    film = timeline(INFO, Recorded(filters=filters))
    assert film["positions"] == {
        "step": [10, 20, 40],
        "epoch": [1.0, 2.0, 4.0],
        "stage": ["layer 1", "layer 1", "layer 2"],
        "tuning": [False, False, False],
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
    ways = ("activation_maximisation", "clamp_and_sample_down")
    kept = [picture(number, 30, "layer2", "projection", way) for number, way in enumerate(ways, 11)]
    film = timeline(INFO, Recorded(filters=[picture(3, 10, "layer1")], projections=kept))
    assert [(item["id"], item["step"], item["projection"]) for item in film["layers"][1]["projections"]] == [
        (11, 30, ways[0]),
        (12, 30, ways[1]),
    ]
    assert film["layers"][0]["projections"] == []
    assert film["positions"]["step"] == [10]


def test_units_of_a_layer_can_be_drawn_in_several_ways_and_those_of_a_vae_in_one() -> None:
    first, second, decoder = panels(CONFIG.with_values({"vae.epochs": 1}))
    assert choices(second) == [
        {"id": "response_average", "label": "what it responds to"},
        {"id": "most_exciting", "label": "mean of its top forty images"},
        {"id": "linear_combination", "label": "linear combination"},
        {"id": "activation_maximisation", "label": "activation maximisation"},
        {"id": "clamp_and_sample_down", "label": "clamp and sample down"},
    ]
    assert [way["id"] for way in choices(first)] == [
        "weights",
        "response_average",
        "most_exciting",
        "activation_maximisation",
        "clamp_and_sample_down",
    ]
    assert choices(decoder) == []


def test_an_old_run_shows_the_linear_combination_that_it_recorded() -> None:
    film = timeline(INFO, Recorded(filters=[picture(3, 10, "layer2", projection="linear_combination")]))
    assert [layer["drawn"] for layer in film["layers"]] == ["", "linear combination"]
    assert [layer["projection"] for layer in film["layers"]] == ["", "linear_combination"]


def test_a_run_that_went_on_under_another_way_of_drawing_has_one_film_and_keeps_the_other_pictures() -> None:
    ways = ("linear_combination", "linear_combination", "response_average")
    filters = [picture(number, 10 * number, "layer2", projection=way) for number, way in enumerate(ways, 1)]
    layer = timeline(INFO, Recorded(filters=filters))["layers"][1]
    assert layer["pictures"]["id"] == [3]
    assert [(kept["id"], kept["projection"], kept["signed"]) for kept in layer["projections"]] == [
        (1, "linear_combination", True),
        (2, "linear_combination", True),
    ]


def test_what_was_recorded_from_the_beginning_is_a_film_and_what_a_worker_made_is_none() -> None:
    weights = [picture(number, 10 * number, "layer1", projection="weights") for number in (1, 2, 3)]
    beside = [picture(4, 10, "layer1", "projection", "response_average")]
    asked = [picture(5, 30, "layer1", "projection", "most_exciting")]
    layer = timeline(INFO, Recorded(filters=weights, projections=[*asked, *beside]))["layers"][0]
    assert (layer["projection"], layer["filmed"]) == ("weights", ["response_average"])
    assert [(kept["id"], kept["signed"]) for kept in layer["projections"]] == [(4, True), (5, False)]
    assert timeline(INFO, Recorded(filters=weights, projections=asked))["layers"][0]["filmed"] == []


def test_a_checkpoint_says_how_many_layers_have_begun() -> None:
    kept = [
        Askable(9, Position(50, 5.0, "finetune")),
        Askable(2, Position(10, 1.0, "layer1")),
        Askable(4, Position(30, 3.0, "layer2")),
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
    film = timeline(info, Recorded(filters=pictures, checkpoints=[Askable(4, Position(13, 1.3, "layers"))]))
    assert film["positions"]["step"] == [0, 7, 13]
    assert set(film["positions"]["stage"]) == {"all layers"}
    assert [layer["pictures"]["step"] for layer in film["layers"]] == [[0, 7, 13], [0, 7, 13]]
    assert film["checkpoints"]["depth"] == [2], "every layer can be asked about"


def test_tuning_goes_on_with_the_film_of_the_first_layer_and_says_so() -> None:
    info = run_info(config=CONFIG.with_values({"updown.epochs": 3, "finetune.epochs": 2}))
    tuned = [
        picture(9, 70, "updown", projection="generative_weights"),
        picture(11, 90, "finetune", projection="weights"),
    ]
    film = timeline(info, Recorded(filters=[picture(3, 10, "layer1"), picture(5, 40, "layer2"), *tuned]))
    first, second = film["layers"]
    assert first["pictures"]["id"] == [3, 9, 11]
    assert first["pictures"]["tuned"] == ["", "generative weights, up-down", "classifier"]
    assert second["pictures"]["id"] == [5]
    assert film["positions"]["stage"] == ["layer 1", "layer 2", "up-down", "classifier"]
    assert film["positions"]["tuning"] == [False, False, True, True]


def test_the_decoder_of_a_vae_has_a_film_of_its_own_without_questions() -> None:
    settings = {"epochs": 0, "vae.epochs": 4, "vae.hidden": 37}
    film = timeline(run_info(config=CONFIG.with_values(settings)), Recorded(filters=[picture(3, 10, "vae")]))
    assert [(layer["stage"], layer["depth"], layer["units"]) for layer in film["layers"]] == [("vae", 0, 37)]
    assert film["positions"] == {"step": [10], "epoch": [1.0], "stage": ["VAE"], "tuning": [False]}
