"""The quality of a trained network's samples, beside sources whose quality is known."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from click.testing import CliRunner
from PIL import Image
from safetensors.torch import load_file

from dbn_core.cli.app import lab
from dbn_core.config import RunConfig
from dbn_core.data import data_folder
from dbn_core.errors import ConfigError, DataError
from dbn_core.inference import quality_judge
from dbn_core.inference.generation import prepare_judge, sample_quality
from dbn_core.metric_table import is_known
from dbn_core.questions.quality import Scored
from dbn_core.records import EVALUATION, RunStatus
from dbn_core.store import RunStore
from dbn_core.worker import train_run
from tests.inference.training import StoredRun, trained_in_a_store

COUNT, STEPS = 211, 7


@pytest.fixture(scope="module", autouse=True)
def hasty_judge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Few updates: enough to tell digits from noise. Kept where no other test keeps one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DBN_DATA", str(tmp_path_factory.mktemp("judges")))
        patch.setattr(quality_judge, "UPDATES", 120)
        quality_judge._court.cache_clear()
        yield
    quality_judge._court.cache_clear()


@pytest.fixture(scope="module")
def with_vae(tmp_path_factory: pytest.TempPathFactory) -> StoredRun:
    """Label units and a VAE, both barely trained."""
    settings = {"data.train_size": 500, "layers": [31], "epochs": 1, "labels.joint": True}
    settings |= {"vae.epochs": 1, "vae.hidden": 23, "vae.latent": 3}
    return trained_in_a_store(tmp_path_factory, "with vae", settings)


@pytest.fixture(scope="module")
def answer(with_vae: StoredRun) -> Scored:
    return sample_quality(*with_vae.newest, COUNT, STEPS)


def test_every_source_has_a_row_with_its_measures(answer: Scored) -> None:
    rows = {row["key"]: row["measures"] for row in answer["rows"]}
    assert list(rows) == ["real", "copies", "noise", "dreams", "held", "vae"]
    assert {name for name, measures in rows.items() if "accuracy" in measures} == {"real", "copies", "held"}
    assert answer["metrics"]["held.precision"] == rows["held"]["precision"]
    assert all(map(is_known, answer["figures"]))
    assert (answer["count"], answer["steps"], answer["scored"]) == (COUNT, STEPS, "probabilities")


def test_the_command_line_prints_the_same_figures(
    with_vae: StoredRun, answer: Scored, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBN_STORE", with_vae[0].url)
    command = ["evaluate", "with vae", "--what", "generate", "--samples", str(COUNT)]
    event = json.loads(CliRunner().invoke(lab, [*command, "--json"]).stdout)
    # Other dreams (more steps), but the same real images, the same noise and the same judge.
    known = {name: value for name, value in answer["metrics"].items() if name.startswith(("real.", "noise."))}
    assert {name: event["metrics"][name] for name in known} == pytest.approx(known)
    plain = CliRunner().invoke(lab, command)
    assert plain.exit_code == 0, plain.output
    assert "The judge is wrong on" in plain.stdout
    assert "precision" in plain.stdout
    kept = {point.name: point for point in with_vae[1].metrics() if point.position.stage == EVALUATION}
    assert kept["samples.real.precision"].value == pytest.approx(answer["metrics"]["real.precision"])
    assert kept["samples.steps"].position.step == with_vae[1].checkpoints()[-1].position.step


def test_the_command_line_scores_another_runs_vae_and_shows_the_nearest_training_images(
    with_vae: StoredRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, run = with_vae
    monkeypatch.setenv("DBN_STORE", store.url)
    bare = {"data.train_size": 500, "layers": [29], "epochs": 1}
    plain = store.create_run(RunConfig().with_values(bare), "bare", executor="foreground")
    assert train_run(store.url, plain.id) == RunStatus.DONE
    command = ["evaluate", "bare", "--what", "generate", "--samples", str(COUNT), "--json"]
    pictures = tmp_path / "pairs.png"
    event = json.loads(CliRunner().invoke(lab, [*command, "--vae", run.id, "--pictures", str(pictures)]).stdout)
    assert "vae.precision" in event["metrics"]
    with Image.open(pictures) as image:
        assert image.size == (2 * (20 * 30 - 2), 2 * (2 * 30 - 2))
    without = CliRunner().invoke(lab, [*command, "--vae", "bare"])
    assert (without.exit_code, "no trained VAE" in without.output) == (2, True)
    astray = CliRunner().invoke(lab, ["evaluate", "bare", "--what", "likelihood", "--vae", run.id])
    assert (astray.exit_code, "--vae is for --what generate" in astray.output) == (2, True)


def test_the_known_sources_get_what_they_deserve(answer: Scored) -> None:
    rows = {
        row["key"]: {name: value for name, value in row["measures"].items() if value is not None}
        for row in answer["rows"]
    }
    real, copies, noise = rows["real"], rows["copies"], rows["noise"]
    assert min(real["precision"], real["recall"], real["coverage"]) > 0.8
    assert abs(real["adversarial_real"] - 0.5) < 0.15
    assert abs(real["within_class"] - 1) < 0.15
    assert (copies["precision"], copies["adversarial_real"], copies["nearest"], copies["ink_ks"]) == (1, 0, 0, 0)
    assert max(noise["precision"], noise["recall"], noise["coverage"]) < 0.1
    assert noise["laplacian_ks"] > 0.9
    assert noise["nearest"] > real["nearest"]


def test_the_pairs_are_the_nearest_training_images(answer: Scored, with_vae: StoredRun) -> None:
    assert answer["pairs_of"] == "Dreams with the label held"
    own, near = answer["pairs"]["pictures"].astype(float)
    assert own.shape == (20, 28, 28)
    distance = np.sqrt(((own - near) ** 2).mean((1, 2))) / 255
    assert np.allclose(distance, answer["pairs"]["distance"], atol=0.01)


def test_histograms_are_shares_of_all_images(answer: Scored) -> None:
    for histogram in answer["histograms"].values():
        assert all(sum(row) == pytest.approx(1) for row in histogram["shares"].values())


def test_the_same_seed_gives_the_same_numbers(with_vae: StoredRun, answer: Scored) -> None:
    again = sample_quality(*with_vae.newest, COUNT, STEPS)
    assert again["metrics"] == answer["metrics"]
    other = sample_quality(*with_vae.newest, COUNT, STEPS, seed=1)
    assert other["metrics"]["dreams.nearest"] != answer["metrics"]["dreams.nearest"]


def test_the_judge_is_kept_and_read_again(answer: Scored, with_vae: StoredRun) -> None:
    (path,) = kept_judges()
    before, stamp = load_file(path), path.stat().st_mtime_ns
    quality_judge._court.cache_clear()
    assert prepare_judge(*with_vae.newest) == answer["judge"]
    assert path.stat().st_mtime_ns == stamp
    assert all(torch.isfinite(tensor).all() for tensor in before.values())
    judge = answer["judge"]
    assert judge is not None
    assert 0 < judge["error"] < 30
    assert (judge["fitted"], judge["heldout"]) == (8000, 2000)


def test_a_damaged_judge_is_trained_again(answer: Scored, with_vae: StoredRun) -> None:
    (path,) = kept_judges()
    path.write_bytes(b"not a network")
    quality_judge._court.cache_clear()
    assert prepare_judge(*with_vae.newest) == answer["judge"]
    assert len(load_file(path)) == 8


def kept_judges() -> list[Path]:
    return list((data_folder() / "cache").glob("judge-*.safetensors"))


def test_another_runs_vae_takes_the_place_of_ones_own(trained_run: StoredRun, with_vae: StoredRun) -> None:
    store, run = with_vae
    twin = store.create_run(RunConfig().with_values({"layers": [7], "data.train_size": 200, "epochs": 1}), "no vae")
    assert train_run(store.url, twin.id) == RunStatus.DONE
    vae = (run.id, run.checkpoints()[-1].id)
    quality = sample_quality(*StoredRun(store, twin).newest, 101, 2, vae=vae)
    assert [row["key"] for row in quality["rows"]] == ["real", "copies", "noise", "dreams", "vae"]
    with pytest.raises(ConfigError, match="no trained VAE"):
        sample_quality(*StoredRun(store, run).newest, 101, 2, vae=(twin.id, twin.checkpoints()[-1].id))


def test_images_without_classes_are_compared_by_their_pixels(tmp_path: Path) -> None:
    store = RunStore(f"sqlite:///{tmp_path / 'lab.db'}")
    settings = {"data.patch": 11, "data.train_size": 300, "layers": [7], "epochs": 1}
    run = store.create_run(RunConfig().with_values(settings), "patches", executor="foreground")
    assert train_run(store.url, run.id) == RunStatus.DONE
    quality = sample_quality(*StoredRun(store, run).newest, 101, 2)
    assert quality["judge"] is None
    rows = {row["key"]: row["measures"] for row in quality["rows"]}
    assert "score" not in rows["dreams"]
    assert rows["copies"]["adversarial_generated"] == 0


def test_too_few_images_are_refused(with_vae: StoredRun) -> None:
    with pytest.raises(DataError, match="17 images are too few"):
        sample_quality(*with_vae.newest, 17, 1)
