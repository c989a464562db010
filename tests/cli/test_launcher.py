"""`deep-belief-lab` before it serves: what it refuses, and where a browser is sent. `tests/test_wheel.py` runs it."""

import os
import socket
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks.house import free_port
from dbn_core.cli import launcher


@pytest.fixture
def options(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What Streamlit would have been given."""
    given: list[str] = []
    monkeypatch.setattr(launcher, "_run", lambda *options: given.extend(options))
    monkeypatch.setenv("DBN_STORE", os.environ["DBN_STORE"])  # both are set by the command and put back here
    monkeypatch.setenv("DBN_DATA", os.environ["DBN_DATA"])
    return given


def refusal(*arguments: str) -> str:
    result = CliRunner().invoke(launcher.deep_belief_lab, ["--port", str(free_port()), *arguments])
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    return result.stderr


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--port", "0"], "0 is not in the range 1<=x<=65535"),
        (["--port", "http"], "'http' is not a valid integer"),
        (["--address", "198.51.100.7"], "address is '198.51.100.7', which is none of this machine; give 127.0.0.1"),
        (["--address", "no address"], "address is 'no address', which is none of this machine"),
        (["--store", "nonsense"], "'nonsense' is not the address of a run store. Write it as sqlite:///folder/file.db"),
        (["--data", __file__], "is a file"),
        (["--colour"], "No such option '--colour'"),
        (["somewhere"], "unexpected extra argument (somewhere)"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(options: list[str], arguments: list[str], complaint: str) -> None:
    message = refusal(*arguments)
    assert complaint in message
    assert message.count("\n") == 1
    assert not options


def test_a_taken_port_is_refused_with_the_address_of_what_is_there(options: list[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        message = refusal("--port", str(port))
    assert f"port is {port}, where something listens already" in message
    assert f"open http://127.0.0.1:{port}, or choose another with --port" in message
    assert not options


def test_store_and_data_reach_whatever_the_server_starts(options: list[str], tmp_path: Path) -> None:
    arguments = [
        "--store",
        f"sqlite:///{tmp_path / 'mine.db'}",
        "--data",
        "sets",
        "--no-browser",
        "--port",
        str(free_port()),
    ]
    result = CliRunner().invoke(launcher.deep_belief_lab, arguments)
    assert result.exit_code == 0, result.output
    assert os.environ["DBN_STORE"] == f"sqlite:///{tmp_path / 'mine.db'}"
    assert os.environ["DBN_DATA"] == str(Path("sets").absolute())
    assert "--server.address=127.0.0.1" in options


def test_a_password_in_the_store_is_not_printed(
    options: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBN_STORE", "postgresql://lab:secret@127.0.0.1:1/none")
    assert "secret" not in refusal("--no-browser")


def test_without_a_screen_no_text_browser_takes_the_terminal() -> None:
    assert launcher.has_screen("win32", {})
    assert launcher.has_screen("darwin", {})
    assert not launcher.has_screen("linux", {"TERM": "xterm"})
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        assert launcher.has_screen("linux", {name: "something"})
