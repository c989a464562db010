"""What the status line says of a run in every state."""

import pytest

from dbn_core.commands import Pause, SetHyperparameter, Step
from dbn_core.config import RunConfig
from dbn_core.config.stages import stage_name
from dbn_core.metric_table import significant
from dbn_core.records import Position, Progress, RunStatus
from dbn_core.view.status import status_line
from dbn_core.view.words import command_text, duration, number
from tests.view.samples import run_info


def test_a_running_layer_says_where_it_is_and_how_fast() -> None:
    line = status_line(run_info())
    assert line.headline == "Training layer 2 of 3"
    assert line.facts == ("epoch 11.50 of 30", "update 1,234", "31,000 images/s", "cpu", "0:48 left")
    assert line.share == pytest.approx(11.5 / 30)
    assert (line.state, line.tone, line.explanation, line.is_alive) == ("running", "live", "", True)


def test_a_stage_after_the_layers_is_counted_among_all_stages() -> None:
    config = RunConfig().with_values({"layers": [31, 23, 19], "finetune.epochs": 5})
    training = run_info(config=config, progress=Progress(Position(1, 31.0, "finetune"), 35, 4, 4))
    assert status_line(training).headline == "Training classifier, stage 4 of 4"
    early = run_info(config=config, progress=Progress(Position(1, 3.0, "layer2"), 35, 2, 4))
    assert status_line(early).headline == "Training layer 2, stage 2 of 4"


def test_layers_that_learn_together_are_all_layers() -> None:
    config = RunConfig().with_values({"layers": [31, 23], "training.order": "together"})
    line = status_line(run_info(config=config, progress=Progress(Position(1, 3.0, "layers"), 10, 1, 1)))
    assert line.headline == "Training all layers"


def test_a_single_layer_is_not_counted() -> None:
    progress = Progress(Position(1, 0.1, "layer1"), 10, 1, 1)
    assert status_line(run_info(progress=progress)).headline == "Training layer 1"


def test_a_download_is_told_in_its_own_words() -> None:
    line = status_line(run_info(message="Downloading mnist: 3 of 11 MB."))
    assert (line.state, line.headline) == ("starting", "Getting ready")
    assert line.explanation == "Downloading mnist: 3 of 11 MB."


def test_a_silent_worker_makes_the_run_interrupted_and_never_a_finished_one() -> None:
    line = status_line(run_info(heartbeat_age=42.0))
    assert (line.state, line.tone, line.headline) == ("interrupted", "warning", "Interrupted")
    assert "15 seconds" in line.explanation
    assert "checkpoint" in line.explanation
    assert "left" not in " ".join(line.facts)
    assert status_line(run_info(heartbeat_age=15.0)).state == "running"
    assert status_line(run_info(heartbeat_age=99999.0, status=RunStatus.DONE)).state == "done"


def test_a_paused_run_that_gave_its_worker_back_is_still_paused() -> None:
    parked = status_line(run_info(status=RunStatus.PAUSED, heartbeat_age=300.0))
    assert (parked.state, parked.headline) == ("paused", "Paused in layer 2 of 3")
    assert "Resume brings it back" in parked.explanation
    assert status_line(run_info(status=RunStatus.PAUSED)).explanation == ""
    lost = status_line(run_info(status=RunStatus.PAUSED, heartbeat_age=300.0, executor="foreground"))
    assert lost.state == "interrupted"


def test_a_silent_run_of_the_command_line_names_the_command_that_goes_on() -> None:
    assert "python -m dbn_core resume" in status_line(run_info(heartbeat_age=42.0, executor="foreground")).explanation


def test_a_diverged_run_explains_itself_in_full() -> None:
    why = "The weights of layer 1 stopped being finite numbers. Lower the learning rate."
    line = status_line(run_info(status=RunStatus.DIVERGED, message=why))
    assert (line.tone, line.explanation, line.is_alive) == ("bad", why, False)


def test_a_finished_run_is_full_and_shows_no_speed() -> None:
    line = status_line(run_info(status=RunStatus.DONE))
    assert line.share == 1
    assert line.facts == ("epoch 11.50 of 30", "update 1,234", "cpu")


@pytest.mark.parametrize("status", list(RunStatus))
def test_every_status_has_a_headline(status: RunStatus) -> None:
    line = status_line(run_info(status=status))
    assert line.headline[0].isupper()
    assert line.is_alive is not status.is_finished


def test_waiting_says_why_and_a_second_attempt_goes_on_from_a_checkpoint() -> None:
    assert "worker is free" in status_line(run_info(status=RunStatus.QUEUED, progress=Progress())).explanation
    again = status_line(run_info(status=RunStatus.QUEUED, attempt=2))
    assert "last checkpoint" in again.explanation


def test_words() -> None:
    names = ("layer12", "layers", "updown", "finetune", "vae", "hybrid", "nap")
    assert [stage_name(name) for name in names] == [
        "layer 12",
        "all layers",
        "up-down",
        "classifier",
        "VAE",
        "hybrid",
        "nap",
    ]
    assert [duration(value) for value in (0.4, 48.2, 725, 10931)] == ["0:00", "0:48", "12:05", "3:02:11"]
    assert [number(value) for value in (None, True, 1000, -1.0, 0.05, (500, 2000))] == [
        "off",
        "yes",
        "1,000",
        "−1",
        "0.05",
        "500-2000",
    ]
    assert [significant(value) for value in (0.0, 0.0123456, 12.345, 1234.5, 1e-9)] == [
        "0",
        "0.0123",
        "12.3",
        "1,234",
        "1e-09",
    ]


def test_commands_are_told_by_the_names_that_people_see() -> None:
    assert command_text(Pause()) == "pause"
    assert command_text(Step("epoch")) == "step one epoch"
    assert command_text(SetHyperparameter("training.learning_rate", 0.01)) == "learning rate = 0.01"
    assert command_text(SetHyperparameter("training.sparsity_target", None)) == "sparsity target = off"
    assert command_text(SetHyperparameter("updates_per_second", 5.0)) == "speed = 5\u00a0updates/s"
    assert command_text(SetHyperparameter("updates_per_second", None)) == "speed = full"
