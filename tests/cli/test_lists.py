"""`presets`, `datasets`, `runs`, `show`: what they print, for people and as JSON."""

import math
import os
import subprocess
import sys
from pathlib import Path

from dbn_core.config import RunConfig, presets
from dbn_core.records import MetricPoint, Position, Progress, RunStatus
from dbn_core.store import Run
from tests.cli.conftest import Terminal

ROOT = Path(__file__).parents[2]


def recorded(terminal: Terminal, config: RunConfig, name: str) -> Run:
    """A finished run of two layers whose last number is not finite."""
    run = terminal.store.create_run(config, name)
    writer = terminal.store.claim(run.id, "test")
    end = Position(12, 4.0, "layer2")
    writer.write(
        metrics=[
            MetricPoint("recon_mse", 0.125, Position(3, 1.0, "layer1")),
            MetricPoint("recon_mse", 0.0625, Position(6, 2.0, "layer1")),
            MetricPoint("recon_mse", 0.035, end),
            MetricPoint("heldout_recon_mse", math.nan, end),
        ],
        progress=Progress(position=end, epochs=4, stage_index=2, stage_count=2, device="cpu"),
    )
    writer.set_status(RunStatus.DONE)
    return run


def test_presets_are_listed_with_what_makes_them_special(terminal: Terminal) -> None:
    text = terminal.run("presets").stdout
    assert all(preset.name in text for preset in presets())
    assert "training.sparsity_target=0.1" in text
    for entry in terminal.json("presets"):
        assert RunConfig.from_dict(entry["config"]) == RunConfig.preset(entry["name"])


def test_datasets_say_whether_their_files_are_here_and_where_they_belong(terminal: Terminal) -> None:
    entries = {entry["name"]: entry for entry in terminal.json("datasets")}
    assert entries["digits"]["present"]
    assert not entries["mnist"]["present"]
    assert len(entries["mnist"]["missing"]) == 4
    assert all(path.startswith(os.environ["DBN_DATA"]) for path in entries["mnist"]["missing"])
    assert str(Path(os.environ["DBN_DATA"]) / "MNIST") in terminal.run("datasets").stdout


def test_an_empty_store_says_how_to_begin(terminal: Terminal) -> None:
    result = terminal.run("runs")
    assert result.stdout == ""
    assert "train --preset first-look" in result.stderr
    assert terminal.json("runs") == []


def test_runs_are_listed_newest_first_with_their_last_errors(terminal: Terminal, tiny: RunConfig) -> None:
    first, second = (recorded(terminal, tiny, name) for name in ("older", "newer"))
    lines = terminal.run("runs").stdout.splitlines()
    assert [line.split()[0] for line in lines[1:]] == [second.id, first.id]
    assert "7-5" in lines[1]
    assert "4 of 4" in lines[1]
    assert "0.0350 / nan" in lines[1], "of the last layer"
    assert [entry["name"] for entry in terminal.json("runs")] == ["newer", "older"]


def test_json_has_null_where_a_number_is_not_finite(terminal: Terminal, tiny: RunConfig) -> None:
    recorded(terminal, tiny, "diverging")
    metrics = terminal.json("show", "diverging")["metrics"]
    assert metrics == {"layer1": {"recon_mse": 0.0625}, "layer2": {"recon_mse": 0.035, "heldout_recon_mse": None}}


def test_names_are_text_and_never_markup(terminal: Terminal, tiny: RunConfig) -> None:
    name = "[bold red]x[/] <b>&amp; {} %s"
    recorded(terminal, tiny, name)
    assert name in terminal.run("runs").stdout
    assert name in terminal.run("show", name).stdout
    assert terminal.json("show", name)["name"] == name


def test_show_puts_the_settings_that_differ_first_and_names_units(terminal: Terminal, tiny: RunConfig) -> None:
    run = recorded(terminal, tiny, "units")
    run.annotate("look at unit 3")
    text = terminal.run("show", run.id).stdout
    different, _, rest = text.partition("Other settings")
    assert "layers = 7-5 units" in different
    assert "epochs = 2 epochs" in different
    assert "training.k = 1 steps" in rest
    assert "training.clamp = off" in rest
    assert "recon_mse = 0.0350 squared error per pixel" in rest
    assert "look at unit 3" in text


def test_a_run_that_is_not_there_is_named(terminal: Terminal) -> None:
    assert "'nobody'" in terminal.refusal("show", "nobody")


def test_listing_runs_loads_neither_torch_nor_dask(terminal: Terminal) -> None:
    code = (
        "import sys; from dbn_core.cli.app import lab; lab(['runs'], standalone_mode=False); "
        "print(*{name.partition('.')[0] for name in sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not {"torch", "distributed", "dask", "streamlit", "plotly"} & set(done.stdout.split())
