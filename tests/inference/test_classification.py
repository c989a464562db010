"""Figures of classifiers are counted right, by page question and by command line."""

import json

import numpy as np
import pytest
import torch
from click.testing import CliRunner

from dbn_core.cli.app import lab
from dbn_core.data import load_dataset
from dbn_core.errors import DataError
from dbn_core.inference.classification import classifiers, classify, held_out_images, images_of_cell
from dbn_core.inference.loading import trained
from tests.inference.training import StoredRun, trained_in_a_store

SETTINGS = {
    "data.train_size": 500,
    "layers": [37, 23],
    "epochs": 4,
    "training.learning_rate": 0.1,
    "batch_size": 20,
    "labels.joint": True,
    "updown.epochs": 1,
    "finetune.epochs": 12,
    "finetune.learning_rate": 0.02,
    "finetune.dropout": 0.0,
    "vae.epochs": 1,
    "vae.hidden": 31,
    "vae.latent": 5,
    "hybrid.epochs": 1,
}


@pytest.fixture(scope="module")
def complete_run(tmp_path_factory: pytest.TempPathFactory) -> StoredRun:
    return trained_in_a_store(tmp_path_factory, "complete", SETTINGS)


def test_every_classifier_of_a_run_is_judged_on_all_held_out_images(complete_run: StoredRun) -> None:
    answer = classify(*complete_run.newest)
    assert [row["classifier"] for row in answer["rows"]] == ["label_units", "up_down", "fine_tuned", "hybrid"]
    assert answer["images"] == 2000
    model = trained(*complete_run.newest)
    v = model.data.heldout.float() / 255
    truth = torch.tensor(load_dataset("digits").test_labels).long()
    for row, given in zip(answer["rows"], classifiers(model).values(), strict=True):
        predicted = given(v).argmax(1)
        assert row["error"] == pytest.approx(100 * (predicted != truth).double().mean().item())
        assert row["confusion"].sum() == 2000
        assert row["confusion"][3, 8] == ((truth == 3) & (predicted == 8)).sum()
        fives = predicted[truth == 5]
        assert row["class_errors"][5] == pytest.approx(100 * (fives != 5).double().mean().item())
    assert answer["metrics"]["test_error_fine_tuned"] == answer["rows"][2]["error"] < 40


def test_the_last_score_of_training_is_the_error_found_later(complete_run: StoredRun) -> None:
    run = complete_run.run
    answer = classify(*complete_run.newest)["metrics"]
    for stage, metric in (("finetune", "test_error_fine_tuned"), ("hybrid", "test_error_hybrid")):
        scored = [p for p in run.metrics() if p.name == "test_error" and p.position.stage == stage]
        assert scored[-1].value == pytest.approx(answer[metric])


def test_mistakes_are_wrong_and_the_surest_come_first(complete_run: StoredRun) -> None:
    data = load_dataset("digits")
    row = classify(*complete_run.newest)["rows"][2]
    sure = [probability for _, _, _, probability in row["mistakes"]]
    assert sure == sorted(sure, reverse=True)
    for number, label, answer, _ in row["mistakes"]:
        assert data.test_labels[number] == label != answer
    numbers = [mistake[0] for mistake in row["mistakes"][:5]]
    np.testing.assert_array_equal(held_out_images(*complete_run.newest, numbers), data.test[numbers])
    with pytest.raises(DataError, match="no held-out image 2000"):
        held_out_images(*complete_run.newest, [2000])


def test_the_images_behind_a_cell_are_those_it_counts(complete_run: StoredRun) -> None:
    row = classify(*complete_run.newest)["rows"][2]
    for cell in ((3, 3), (4, 9)):
        behind = images_of_cell(*complete_run.newest, "fine_tuned", cell, limit=2000)
        assert len(behind["numbers"]) == row["confusion"][cell]
        assert {int(load_dataset("digits").test_labels[number]) for number in behind["numbers"]} <= {cell[0]}
        assert (np.diff(behind["probability"]) <= 0).all()
    with pytest.raises(DataError, match="no classifier 'oracle'"):
        images_of_cell(*complete_run.newest, "oracle", (0, 0))


def test_a_checkpoint_holds_every_model_made_by_then(complete_run: StoredRun) -> None:
    store, run = complete_run
    ends = {c.position.stage: c.id for c in run.checkpoints() if c.keep == "stage"}
    early = trained(store.url, run.id, ends["layer2"])
    assert (early.untied, early.classifier, early.vae, early.hybrid) == (None, None, None, None)
    middle = trained(store.url, run.id, ends["finetune"])
    assert middle.untied is not None
    assert middle.classifier is not None
    assert middle.hybrid is None
    assert middle.depth == 2
    last = trained(*complete_run.newest)
    assert last.vae is not None
    assert last.hybrid is not None
    assert last.classifier is not None
    assert torch.equal(last.classifier.layers[0].W, middle.classifier.layers[0].W)


def test_a_run_without_a_classifier_is_told_how_to_get_one(trained_run: StoredRun) -> None:
    with pytest.raises(DataError, match=r"finetune\.epochs above 0"):
        classify(*trained_run.newest)


def test_the_command_line_prints_an_error_for_each(complete_run: StoredRun, monkeypatch: pytest.MonkeyPatch) -> None:
    store = complete_run.store
    monkeypatch.setenv("DBN_STORE", store.url)
    printed = CliRunner().invoke(lab, ["evaluate", "complete", "--what", "classify", "--json"])
    assert printed.exit_code == 0, printed.output
    event = json.loads(printed.stdout)
    assert event["what"] == "classify"
    assert event["metrics"] == pytest.approx(classify(*complete_run.newest)["metrics"])
    plain = CliRunner().invoke(lab, ["evaluate", "complete", "--what", "classify"])
    assert plain.exit_code == 0, plain.output
    assert "fine-tuned" in plain.stdout
    assert "errors by class" in plain.stdout
