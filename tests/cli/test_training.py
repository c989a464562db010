"""`train` and `resume` in the foreground: events, exit statuses, Ctrl-C, a closed pipe."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO

import pytest
import safetensors.numpy

from dbn_core.cli.observers import BarObserver
from dbn_core.commands import SetHyperparameter
from dbn_core.config import RunConfig
from dbn_core.records import Position, Progress, RunStatus
from dbn_core.store import Run, RunStore
from tests.cli.conftest import TINY, Terminal
from tests.view.samples import run_info
from tests.waiting import until

ROOT = Path(__file__).parents[2]
SLOW = (*TINY, "--set", "updates_per_second=20")


def test_the_events_tell_the_configuration_every_epoch_of_every_stage_and_the_end(terminal: Terminal) -> None:
    first, *epochs, last = terminal.events("train", *TINY, "--name", "events")
    run = terminal.store.run("events")
    assert first["event"] == "run"
    assert first["run"] == run.id
    assert first["config"] == run.info().config.to_dict()
    assert [(event["event"], event["stage"], event["epoch"]) for event in epochs] == [
        ("epoch", "layer1", 1),
        ("epoch", "layer1", 2),
        ("epoch", "layer2", 1),
        ("epoch", "layer2", 2),
    ]
    stored = {(point.position.stage, point.name): point.value for point in run.metrics()}
    for name in ("recon_mse", "recon_ce", "sparsity", "heldout_recon_mse"):
        assert epochs[-1]["metrics"][name] == stored["layer2", name]
    assert (last["event"], last["status"], last["step"], last["epoch"]) == ("end", "done", 12, 4.0)


def test_a_layer_with_settings_of_its_own_is_told_of_with_the_figures_promised_for_each_layer(
    terminal: Terminal,
) -> None:
    own = ("--set", "layer_settings.2.epochs=3", "--set", 'layer_settings.1={"k": 3}')
    refused = terminal.refusal("train", *TINY, *own)
    assert "layer_settings.1: no such setting" in refused
    own = ("--set", 'layer_settings=[{"k": 3}]', "--set", "layer_settings.2.epochs=3")
    _, *epochs, last = terminal.events("train", *TINY, *own, "--name", "own")
    assert [event["stage"] for event in epochs] == ["layer1", "layer1", "layer2", "layer2", "layer2"]
    shown = terminal.json("show", "own")
    assert shown["config"]["layer_settings"] == [{"training": {"k": 3}}, {"epochs": 3}]
    promised = {"dead_units", "always_on_units", "constant_units", "class_purity", "localisation", "sparsity"}
    for metrics in (shown["metrics"], last["metrics"]):
        assert all(promised < metrics[layer].keys() for layer in ("layer1", "layer2"))
    told = terminal.run("show", "own").stdout
    assert "layer_settings.1.training.k = 3 steps" in told
    assert "layer_settings.2.epochs = 3 epochs" in told


def test_people_see_the_end_on_standard_output_and_the_bar_elsewhere(terminal: Terminal) -> None:
    result = terminal.run("train", *TINY, "--name", "[b]plain")
    assert result.stdout == "[b]plain: finished, epoch 4.00 of 4, update 12, cpu\n"
    assert "Training [b]plain" in result.stderr
    assert "Set to what goes with several layers" in result.stderr
    assert terminal.store.run("[b]plain").info().executor == "foreground"


def test_a_run_refused_before_its_first_update_exits_with_2_and_says_why(terminal: Terminal) -> None:
    scarce = ("--set", "data.train_size=20", "--set", "layers=7", "--set", "epochs=1", "--set", "finetune.epochs=1")
    result = terminal.run("train", *scarce, "--name", "scarce", status=2)
    assert "None of the 20 training images shows" in result.stdout
    assert terminal.store.run("scarce").info().status is RunStatus.FAILED


def test_a_diverged_run_exits_with_3_and_says_what_to_change(terminal: Terminal) -> None:
    wild = ("--set", "training.learning_rate=10", "--set", "training.weight_decay=1", "--set", "epochs=20")
    wild = (*wild, "--set", "training.centring=false", "--set", "training.sparsity_target=none")
    result = terminal.run("train", *TINY, *wild, "--name", "wild", status=3)
    assert "set the clamp to 4" in result.stdout
    run = terminal.store.run("wild")
    assert run.info().status is RunStatus.DIVERGED
    assert run.checkpoint() is not None

    calm = ("--set", "training.learning_rate=0.01", "--set", "training.weight_decay=0")
    assert terminal.events("resume", "wild", *calm)[-1]["status"] == "done"
    assert [record.command for record in run.commands()] == [
        SetHyperparameter("training.learning_rate", 0.01),
        SetHyperparameter("training.weight_decay", 0.0),
    ]


@pytest.mark.parametrize(("stage", "rate"), [("layer1", "training"), ("vae", "vae"), ("fewlabels", "finetune")])
def test_where_a_stage_has_diverged_its_own_rate_is_named(
    stage: str, rate: str, capsys: pytest.CaptureFixture[str]
) -> None:
    info = run_info(status=RunStatus.DIVERGED, progress=Progress(Position(5, 1.0, stage)))
    BarObserver(info).end(info)
    assert f"--set {rate}.learning_rate=" in capsys.readouterr().out


def test_data_that_are_not_there_fail_the_run_with_a_sentence(terminal: Terminal) -> None:
    result = terminal.run("train", *TINY, "--set", "data.train_size=9000", "--name", "greedy", status=2)
    assert "8,000" in result.stdout


def test_a_finished_run_is_not_resumed_and_only_live_settings_change(terminal: Terminal) -> None:
    terminal.run("train", *TINY, "--name", "over")
    assert "all of its epochs" in terminal.refusal("resume", "over")
    stopped = terminal.store.create_run(terminal.store.run("over").info().config, "stopped")
    terminal.store.claim(stopped.id, "test").set_status(RunStatus.STOPPED)
    message = terminal.refusal("resume", "stopped", "--set", "layers=3", "--set", "training.k=-1")
    assert "layers: cannot change while training" in message
    assert "training.k: '-1' is not allowed" in message
    assert stopped.info().status is RunStatus.STOPPED


def test_a_run_that_somebody_trains_now_is_not_taken_from_them(terminal: Terminal, tiny: RunConfig) -> None:
    run = terminal.store.create_run(tiny, "busy")
    terminal.store.claim(run.id, "somebody").write()
    assert "being trained at this moment" in terminal.refusal("resume", "busy")


@pytest.mark.parametrize("name", ["x" * 81, "line\nbreak"])
def test_a_name_that_cannot_be_is_refused(terminal: Terminal, name: str) -> None:
    assert "name" in terminal.refusal("train", *TINY, "--name", name)


# -- signals and pipes, in a process of its own -------------------------------------------------------------------


def begins(store: RunStore, *options: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "dbn_core", "train", *SLOW, "--json", "--name", "caught", *options],
        cwd=ROOT,
        env=os.environ | {"DBN_STORE": store.url},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def begun(store: RunStore, *options: str) -> tuple[subprocess.Popen[str], IO[str], Run]:
    """A training that has made its first epoch."""
    process = begins(store, *options)
    assert process.stdout is not None
    for _ in ("run", "epoch"):
        assert process.stdout.readline()
    return process, process.stdout, store.run("caught")


def test_ctrl_c_stops_the_run_and_resume_ends_it_as_if_nothing_had_been(terminal: Terminal) -> None:
    process, _, run = begun(terminal.store, "--set", "epochs=40")
    process.send_signal(signal.SIGINT)
    output, complaints = process.communicate()
    assert process.returncode == 130
    assert "Stopping" in complaints
    assert "Traceback" not in complaints
    assert json.loads(output.splitlines()[-1])["status"] == "stopped"
    stopped = run.info()
    assert stopped.status is RunStatus.STOPPED
    assert stopped.progress.position.step < 240

    assert terminal.events("resume", "caught", "--set", "updates_per_second=none")[-1]["status"] == "done"
    terminal.run("train", *TINY, "--set", "epochs=40", "--name", "undisturbed")
    assert tensors(run) == tensors(terminal.store.run("undisturbed"))


def tensors(run: Run) -> dict[str, bytes]:
    checkpoint = run.checkpoint()
    assert checkpoint is not None
    return {name: values.tobytes() for name, values in safetensors.numpy.load(checkpoint.payload).items()}


def test_ctrl_c_while_the_lab_still_loads_leaves_no_run_waiting_for_ever(terminal: Terminal) -> None:
    process = begins(terminal.store, "--set", "epochs=1000")
    until(terminal.store.runs, "a run that is written down")
    process.send_signal(signal.SIGINT)
    _, complaints = process.communicate()
    assert process.returncode == 130
    assert "Traceback" not in complaints
    assert terminal.store.run("caught").info().status is RunStatus.STOPPED


def test_a_second_ctrl_c_ends_at_once_and_the_run_does_not_look_alive(terminal: Terminal) -> None:
    process, _, run = begun(terminal.store, "--set", "epochs=1000")
    os.kill(process.pid, signal.SIGINT)
    assert process.stderr is not None
    process.stderr.readline()  # whatever it says: the first one has arrived
    os.kill(process.pid, signal.SIGINT)
    process.communicate()
    assert process.returncode == 130
    assert run.info().status is RunStatus.STOPPED


def test_a_reader_who_leaves_stops_the_run_without_a_word(terminal: Terminal) -> None:
    process, output, run = begun(terminal.store, "--set", "epochs=1000")
    output.close()
    assert process.stderr is not None
    with process, process.stderr as complaints:
        assert complaints.read() == ""
    assert run.info().status is RunStatus.STOPPED


def test_a_list_cut_short_by_head_complains_about_nothing(terminal: Terminal) -> None:
    command = f"{sys.executable} -m dbn_core presets --json | head -c 10"
    done = subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, text=True, check=True)
    assert len(done.stdout) == 10
    assert done.stderr == ""
