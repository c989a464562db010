"""The rows of stages: every stage of a run has one, and nobody else keeps a list of his own."""

import ast
from pathlib import Path

import pytest

from dbn_core.config import RunConfig, hyperparameter, hyperparameters
from dbn_core.config.stages import (
    BESIDE,
    FEW_LABELS,
    FINE_TUNE,
    HYBRID,
    LATER,
    LAYER,
    LAYERS,
    UNKNOWN,
    UP_DOWN,
    VAE,
    StageKind,
    depth_of,
    kind_of,
    layer_stage,
    leaves_classifier,
    rank,
    stage_name,
    without,
)
from dbn_core.training.learners import relay
from dbn_core.view import curves

KINDS = (LAYER, LAYERS, *LATER)
ROOT = Path(__file__).parents[2]
EVERYTHING = RunConfig().with_values(
    {
        "layers": [31, 23],
        "updown.epochs": 2,
        "finetune.epochs": 3,
        "vae.epochs": 5,
        "hybrid.epochs": 7,
        "fewlabels.seeds": 1,
    }
)


def test_every_stage_of_a_run_has_a_row_in_its_order() -> None:
    stages = EVERYTHING.stages
    assert list(stages) == ["layer1", "layer2", "updown", "finetune", "vae", "hybrid", "fewlabels"]
    assert [kind_of(stage) for stage in stages] == [LAYER, LAYER, UP_DOWN, FINE_TUNE, VAE, HYBRID, FEW_LABELS]
    assert sorted(stages, key=rank) == list(stages)
    assert next(iter(EVERYTHING.with_values({"training.order": "together"}).stages)) == LAYERS.name


def test_every_group_with_epochs_of_its_own_has_a_row() -> None:
    fields = RunConfig.model_fields
    with_epochs = {name for name in fields if hasattr(getattr(EVERYTHING, name), "epochs")}
    assert with_epochs == {kind.group for kind in LATER}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_what_a_row_names_is_there(kind: StageKind) -> None:
    keys = {item.key for item in hyperparameters()}
    sizes = {kind.pictures.size} if kind.pictures else set[str]()
    assert {kind.switch, kind.rate, kind.labels, *sizes} - {""} <= keys
    assert hyperparameter(kind.rate).live
    assert {*kind.charts, *kind.label_charts, *kind.top_charts} <= {chart.key for chart in curves.charts()}
    # 0 of its switch leaves the stage out.
    left = EVERYTHING.with_values({"training.order": "together" if kind is LAYERS else "greedy"} | without(kind))
    assert kind not in map(kind_of, left.stages)


def test_every_later_stage_has_a_learner_of_its_own() -> None:
    assert {kind.name for kind in KINDS} - {LAYER.name} == {*relay._ON_FEATURES, *relay._OTHERS}


def test_a_layer_is_known_by_its_number() -> None:
    assert [layer_stage(depth) for depth in (1, 12)] == ["layer1", "layer12"]
    assert [depth_of(layer_stage(depth)) for depth in (1, 12)] == [1, 12]
    strangers = ("layer", "layerx", "layers", "finetune", "evaluation", "")
    assert [depth_of(stage) for stage in strangers] == [0] * len(strangers)
    assert [stage_name(stage) for stage in ("layer3", "fewlabels", "evaluation", "")] == [
        "layer 3",
        "few labels",
        "evaluation",
        "",
    ]
    assert kind_of("evaluation") is kind_of("") is UNKNOWN


def test_a_stage_beside_the_generative_model_leaves_it_as_it_is() -> None:
    assert BESIDE == (FINE_TUNE, VAE, HYBRID, FEW_LABELS)
    assert without(*BESIDE) == {"finetune.epochs": 0, "vae.epochs": 0, "hybrid.epochs": 0, "fewlabels.seeds": 0}


def test_a_classifier_is_what_a_classifier_or_hybrid_leaves() -> None:
    assert leaves_classifier(["layer1", "hybrid"])
    assert leaves_classifier(["finetune"])
    assert not leaves_classifier(["layer1", "updown", "vae", "fewlabels"])


def test_nobody_else_lists_stages_or_reads_the_number_of_a_layer() -> None:
    """A second list would be forgotten when a stage comes: the rows are there to be asked."""
    names = {kind.name for kind in KINDS}
    files = [path for folder in ("dbn_core", "web", "pages") for path in (ROOT / folder).rglob("*.py")]
    lists, parsers = [], []
    for path in files:
        if path == ROOT / "dbn_core" / "config" / "stages.py":
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Tuple | ast.List | ast.Set):
                texts = [item.value for item in node.elts if isinstance(item, ast.Constant)]
                if len(texts) > 1 and names >= set(texts):
                    lists.append(f"{path}:{node.lineno} {texts}")
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                texts = [item.value for item in node.args if isinstance(item, ast.Constant)]
                if node.func.attr in {"removeprefix", "startswith", "partition"} and "layer" in texts:
                    parsers.append(f"{path}:{node.lineno}")
    assert (lists, parsers) == ([], [])


def test_the_epochs_left_are_those_of_this_stage_and_of_later_ones() -> None:
    three = RunConfig.preset("first-look").with_values({"layers": (7, 5, 3), "epochs": 20})
    assert [three.epochs_before(stage) for stage in ("layer1", "layer2", "layer3", "finetune")] == [0, 20, 40, 60]
    assert three.epochs_left("layer3", 20.0) == 0
    assert three.epochs_left("layer2", 10.5) == 29.5
    assert three.epochs_left("layer1", 0.0) == 60
    assert three.with_values({"finetune.epochs": 4}).epochs_left("layer3", 20.0) == 4
    assert three.with_values({"epochs": 25}).epochs_left("layer3", 20.0) == 5
    assert three.with_values({"epochs": 15}).epochs_left("layer2", 20.0) == 15, "the second is over, the third is not"
