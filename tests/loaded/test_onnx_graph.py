"""An .onnx file answers as the loaded model does, in a runtime that knows nothing of the lab."""

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
import torch
from click.testing import CliRunner

import dbn_core
from dbn_core.cli.app import lab
from dbn_core.config import RunConfig
from dbn_core.data import load_dataset
from dbn_core.errors import ModelError, PackageError
from dbn_core.inference.classification import classifiers
from dbn_core.inference.loading import Trained, untrained
from dbn_core.inference.stack import stack_of
from dbn_core.loaded import onnx_graph
from dbn_core.loaded.onnx_graph import classifier_graph, features_graph
from dbn_core.models import FineTuner, HybridModel, UntiedDBN
from tests.inference.training import StoredRun

IMAGES = load_dataset("digits").test[:53]
GIVEN = (IMAGES / 255).astype(np.float32)


def answer(content: bytes | Path, given: np.ndarray = GIVEN) -> np.ndarray:
    """What a runtime makes of images."""
    session = onnxruntime.InferenceSession(content if isinstance(content, bytes) else str(content))
    (entry,) = session.get_inputs()
    assert (entry.name, entry.type, entry.shape[0]) == ("images", "tensor(float)", "cases")
    return np.asarray(session.run(None, {"images": given})[0])


def written(done: StoredRun, file: Path, *options: str) -> Path:
    """By the command line."""
    arguments = ["onnx", done.run.id, "--to", str(file), *options]
    made = CliRunner().invoke(lab, arguments, env={"DBN_STORE": done.store.url})
    assert made.exit_code == 0, made.output
    return file


def refusal(done: StoredRun, *arguments: str) -> str:
    made = CliRunner().invoke(lab, ["onnx", done.run.id, *arguments], env={"DBN_STORE": done.store.url})
    assert made.exit_code == 2, made.output
    return made.stderr


def test_features_of_a_layer_are_those_of_the_loaded_model(tuned: StoredRun, tmp_path: Path) -> None:
    model = dbn_core.load(tuned.run.id, store=tuned.store.url)
    lower = answer(written(tuned, tmp_path / "lower.onnx", "--layer", "1"))
    np.testing.assert_allclose(lower, model.features(IMAGES, 1).numpy(), rtol=0, atol=1e-5)
    top = onnx_graph(tuned.run.id, store=tuned.store.url)
    assert (top.shape, top.output, top.width) == ((28, 28), "features", 23)
    np.testing.assert_allclose(answer(top.content), model.features(IMAGES).numpy(), rtol=0, atol=1e-5)
    np.testing.assert_allclose(answer(top.content, GIVEN[7:8]), model.features(IMAGES[7]).numpy(), rtol=0, atol=1e-5)


def test_the_classifier_gives_the_same_probabilities_and_names_its_classes(tuned: StoredRun, tmp_path: Path) -> None:
    file = written(tuned, tmp_path / "classes.onnx", "--classifier")
    expected = dbn_core.load(tuned.run.id, store=tuned.store.url).predict_proba(IMAGES)
    np.testing.assert_allclose(answer(file), expected.numpy(), rtol=0, atol=1e-5)
    facts = onnxruntime.InferenceSession(str(file)).get_modelmeta().custom_metadata_map
    assert json.loads(facts["classes"]) == list("0123456789")
    assert facts["images"] == "float32 from 0 (black) to 1 (white)"


def test_label_units_classify_without_the_lab(labelled: StoredRun) -> None:
    graph = onnx_graph(labelled.run.id, classifier=True, store=labelled.store.url)
    expected = dbn_core.load(labelled.run.id, store=labelled.store.url).predict_proba(IMAGES)
    np.testing.assert_allclose(answer(graph.content), expected.numpy(), rtol=0, atol=1e-5)


def fresh(**settings: Any) -> Trained:
    """Untrained, but for its preprocessing, which is fitted."""
    named = {name.replace("__", "."): value for name, value in settings.items()}
    return untrained(RunConfig().with_values({"layers": [7], "data.train_size": 400} | named))


@pytest.mark.parametrize(
    "settings",
    [
        {"data__preprocessing": "threshold"},
        {"visible": "gaussian", "data__preprocessing": "standard"},
        {"visible": "gaussian", "data__preprocessing": "zca", "data__contrast_normalisation": True},
        {"hidden": "stepped"},
    ],
    ids=lambda settings: "-".join(map(str, settings.values())),
)
def test_the_preprocessing_and_every_kind_of_unit_are_part_of_the_graph(settings: dict[str, Any]) -> None:
    model = fresh(**settings)
    expected = stack_of(model).activities(model.preprocessing.mean(torch.tensor(IMAGES).reshape(53, 784)))[0]
    np.testing.assert_allclose(answer(features_graph(model).content), expected.numpy(), rtol=0, atol=1e-5)


def test_up_down_and_the_hybrid_are_the_networks_that_answer() -> None:
    model = fresh()
    generator = torch.Generator().manual_seed(3)
    untied, hybrid = UntiedDBN(model.dbn), HybridModel(7, (28, 28), 10, "both", generator=generator)
    untied.top.W.normal_(generator=generator)
    tuned = FineTuner(model.dbn, 10)
    model = replace(model, untied=untied, hybrid=hybrid, classifier=tuned)
    v = torch.tensor(GIVEN).reshape(53, 784)
    with torch.no_grad():
        expected = classifiers(model)["hybrid"](v)
        features = untied.features(v)
    np.testing.assert_allclose(answer(classifier_graph(model).content), expected.numpy(), rtol=0, atol=1e-5)
    np.testing.assert_allclose(answer(features_graph(model).content), features.numpy(), rtol=0, atol=1e-5)


def test_what_a_run_has_not_learnt_is_refused_in_a_sentence(
    tuned: StoredRun, standardised: StoredRun, tmp_path: Path
) -> None:
    file = str(tmp_path / "x.onnx")
    assert "no layer 3 that has learnt something; give one from 1 to 2" in refusal(tuned, "--to", file, "--layer", "3")
    assert "no classifier, so there are only its features" in refusal(standardised, "--to", file, "--classifier")
    assert "not for both at once" in refusal(tuned, "--to", file, "--classifier", "--layer", "1")
    assert "must end in .onnx" in refusal(tuned, "--to", str(tmp_path / "x.pt"))
    assert not list(tmp_path.iterdir())
    with pytest.raises(ModelError, match="layer must be a whole number"):
        onnx_graph(tuned.run.id, 1.5, store=tuned.store.url)  # pyright: ignore[reportArgumentType]


def test_without_the_packages_of_onnx_a_sentence_names_them(tuned: StoredRun, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxscript", None)
    with pytest.raises(PackageError, match=r'needs onnxscript, .*"deep-belief-lab\[onnx\]"'):
        onnx_graph(tuned.run.id, store=tuned.store.url)
