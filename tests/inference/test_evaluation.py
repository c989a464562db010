"""Likelihood of a trained run: by page question and by command line, exact where it can be."""

import json

import pytest
import torch
from click.testing import CliRunner

from dbn_core.cli.app import lab
from dbn_core.data import load_dataset
from dbn_core.errors import LikelihoodError
from dbn_core.inference.likelihood import log_likelihood
from dbn_core.inference.loading import trained
from dbn_core.likelihood import exact_log_partition
from dbn_core.likelihood import log_likelihood as exact_log_likelihood
from tests.inference.training import StoredRun, trained_in_a_store

SETTINGS = {"data.train_size": 600, "data.preprocessing": "threshold", "epochs": 2, "batch_size": 20}


@pytest.fixture(scope="module")
def small_run(tmp_path_factory: pytest.TempPathFactory) -> StoredRun:
    return trained_in_a_store(tmp_path_factory, "thirteen", SETTINGS | {"layers": [13]})


def test_a_small_model_is_evaluated_exactly(small_run: StoredRun) -> None:
    store, run = small_run
    checkpoint = run.checkpoints()[-1].id
    answer = log_likelihood(store.url, run.id, checkpoint)
    rbm = trained(store.url, run.id, checkpoint).dbn.layers[0]
    images = torch.tensor(load_dataset("digits").test.reshape(-1, 784) > 127.5).float()
    expected = exact_log_likelihood(rbm, images, exact_log_partition(rbm))
    assert answer["metrics"] == {"log_likelihood_exact": pytest.approx(expected, rel=1e-5)}
    assert answer["images"] == 2000
    assert answer["binarisation"] == "threshold at one half"
    assert -784 * 0.7 < expected < -50


def test_the_command_line_prints_plain_numbers(small_run: StoredRun, monkeypatch: pytest.MonkeyPatch) -> None:
    store, run = small_run
    monkeypatch.setenv("DBN_STORE", store.url)
    printed = CliRunner().invoke(lab, ["evaluate", "thirteen", "--what", "likelihood", "--json"])
    assert printed.exit_code == 0, printed.output
    event = json.loads(printed.stdout)
    assert (event["event"], event["run"], event["what"]) == ("evaluation", run.id, "likelihood")
    assert list(event["metrics"]) == ["log_likelihood_exact"]
    wrong = CliRunner().invoke(lab, ["evaluate", "thirteen", "--what", "taste"])
    assert wrong.exit_code == 2


def test_the_command_line_says_the_cost_first_and_a_doubt_afterwards_beside_the_json(
    trained_run: StoredRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, run = trained_run
    monkeypatch.setenv("DBN_STORE", store.url)
    monkeypatch.setattr("dbn_core.inference.likelihood.likelihood_cost", lambda *_: {"seconds": 83.4})
    rough = ["--chains", "20", "--temperatures", "3", "--json"]
    printed = CliRunner().invoke(lab, ["evaluate", run.id, "--what", "likelihood", *rough])
    assert printed.exit_code == 0, printed.output
    assert json.loads(printed.stdout)["metrics"]["log_likelihood_ais"] < 0
    cost, doubt = printed.stderr.splitlines()
    assert "about 83 seconds" in cost
    assert "3 temperatures" in doubt


def test_a_deeper_model_is_bracketed_and_too_few_temperatures_are_told(trained_run: StoredRun) -> None:
    store, run = trained_run
    checkpoint = run.checkpoints()[-1].id
    rough = log_likelihood(store.url, run.id, checkpoint, chains=20, temperatures=3)
    fine = log_likelihood(store.url, run.id, checkpoint, chains=50, temperatures=500)
    assert fine["kind"] == "variational lower bound"
    assert fine["metrics"]["log_likelihood_ais"] == pytest.approx(fine["metrics"]["log_likelihood_rais"], abs=1.0)
    assert fine["warning"] == ""
    assert "temperatures" in rough["warning"]


def test_a_network_whose_last_layer_has_not_begun_has_no_likelihood_yet(trained_run: StoredRun) -> None:
    store, run = trained_run
    first = next(saved.id for saved in run.checkpoints() if saved.position.stage == "layer1" and saved.keep == "epoch")
    with pytest.raises(LikelihoodError, match="Layer 1 of 2 is in training"):
        log_likelihood(store.url, run.id, first)
