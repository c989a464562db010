"""The stages of a run as its numbers and pictures name them."""

from dbn_core.config import RunConfig
from dbn_core.view import curves
from dbn_core.view.stages import drawn_units, in_training, recorded_stages, whereabouts

BASE = RunConfig().with_values({"layers": [31, 23]})
ALL = BASE.with_values(
    {
        "labels.joint": True,
        "updown.epochs": 2,
        "finetune.epochs": 3,
        "vae.epochs": 5,
        "vae.hidden": 37,
        "hybrid.epochs": 7,
    }
)


def test_every_stage_has_a_name_and_the_charts_it_is_measured_in() -> None:
    by_key = {stage.key: stage for stage in recorded_stages(ALL)}
    assert list(by_key) == ["layer1", "layer2", "updown", "finetune", "vae", "hybrid"]
    assert [stage.label for stage in by_key.values()] == [
        "layer 1",
        "layer 2",
        "up-down",
        "classifier",
        "VAE",
        "hybrid",
    ]
    assert [stage.units for stage in by_key.values()] == [31, 23, 23, 0, 0, 0]
    assert "classified" not in by_key["layer1"].charts
    assert {"classified", "likelihood"} < set(by_key["layer2"].charts)
    assert set(by_key["finetune"].charts) == {"classified", "loss"}
    assert set(by_key["vae"].charts) == {"error", "elbo"}


def test_without_label_units_no_layer_has_a_class_to_get_wrong() -> None:
    assert all("classified" not in stage.charts for stage in recorded_stages(BASE))


def test_layers_that_learn_together_record_as_themselves() -> None:
    together = BASE.with_values({"training.order": "together"})
    assert list(together.stages) == ["layers"]
    assert [stage.key for stage in recorded_stages(together)] == ["layer1", "layer2"]
    assert in_training(together, "layers") == ("layer1", "layer2")
    assert in_training(together, "finetune") == ("finetune",)
    assert whereabouts(together, "layer2") == "all layers"
    assert whereabouts(BASE, "layer2") == "layer 2"


def test_a_net_from_scratch_has_no_stage_of_layers() -> None:
    scratch = BASE.with_values({"epochs": 0, "finetune.epochs": 3})
    assert [stage.key for stage in recorded_stages(scratch)] == ["finetune"]


def test_a_picture_says_whose_units_it_shows_and_how_many_there_are() -> None:
    assert drawn_units("layer1", "weights", ALL) == ("layer 1", 31)
    assert drawn_units("layer2", "linear_combination", ALL) == ("layer 2, linear combination of the layers below", 23)
    assert drawn_units("updown", "generative_weights", ALL)[1] == 31
    assert drawn_units("vae", "decoder_weights", ALL) == ("the VAE's decoder", 37)


def test_each_chart_of_a_stage_exists_and_has_its_name_and_rank() -> None:
    charts = {chart.key: chart for chart in curves.charts()}
    assert {key for stage in recorded_stages(ALL) for key in stage.charts} <= set(charts)
    assert len({chart.rank for chart in charts.values()}) == len(charts)
    assert all(chart.name and chart.help.question and chart.help.formula for chart in charts.values())
