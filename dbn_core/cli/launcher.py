"""`deep-belief-lab`: serves the lab from wherever it lies, an installed one too, and opens it in a browser."""

import errno
import os
import runpy
import socket
import sys
import threading
import time
import webbrowser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from dbn_core import __version__
from dbn_core.cli.app import BadInput
from dbn_core.errors import LabError
from dbn_core.places import LAB, default_data, default_store
from dbn_core.store import RunStore
from dbn_core.view.server_address import LOOPBACK, from_here, lab_address

_START_SECONDS = 60
_CHOICES = f"give {LOOPBACK} for this machine only, or 0.0.0.0 for others on the network"


class _OneSentence(click.Command):
    """A command whose complaints are a sentence, without a usage line before it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            raise BadInput(error.format_message()) from error


@click.command(
    cls=_OneSentence,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=f"Without --store and DBN_STORE runs are kept in {default_store()}, "
    f"without --data and DBN_DATA data sets in {default_data()}.",
)
@click.option("--port", type=click.IntRange(1, 65535), default=8501, show_default=True)
@click.option("--address", default=LOOPBACK, show_default=True, help="0.0.0.0 lets others on the network in.")
@click.option("--store", "store_url", metavar="URL", help="Where runs are kept, in place of DBN_STORE.")
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="Data sets, in place of DBN_DATA.")
@click.option("--no-browser", is_flag=True, help="Open no browser window.")
@click.version_option(__version__, message="%(version)s")
def deep_belief_lab(port: int, address: str, store_url: str | None, data: Path | None, *, no_browser: bool) -> None:
    """Serve Deep Belief Lab until Ctrl-C."""
    # Through the environment, so that the job cluster and its workers hear of it too.
    if data is not None:
        os.environ["DBN_DATA"] = str(data.absolute())
    try:
        _refuse_unusable(address, port)
        with RunStore.from_environment() if store_url is None else RunStore(store_url) as store:
            os.environ["DBN_STORE"] = store.url
            click.echo(f"Runs: {store.shown_url}\nCtrl-C ends the server.")
    except LabError as error:
        raise BadInput(str(error)) from error
    if not no_browser and has_screen(sys.platform, os.environ):
        threading.Thread(target=_open_browser, args=(address, port), name="browser", daemon=True).start()
    _run(f"--server.address={address}", f"--server.port={port}")


def has_screen(platform: str, environment: Mapping[str, str]) -> bool:
    """Whether a browser window can be opened; without a screen Python would start a text browser in this terminal."""
    if platform in {"win32", "darwin"}:
        return True
    return any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))


def _open_browser(address: str, port: int) -> None:
    """As soon as the server answers. Streamlit opens one for scripts only, not for an app with routes of its own."""
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        try:
            socket.create_connection((from_here(address), port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            webbrowser.open(lab_address(address, port))
            return


def _refuse_unusable(address: str, port: int) -> None:
    """Raises BadInput where nobody can listen there; Streamlit would say so in a traceback."""
    try:
        family, kind, protocol, _, where = _first(address, port)
        with socket.socket(family, kind, protocol) as probe:
            if sys.platform != "win32":  # where it would take the port from whoever has it
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(where)
    except OSError as error:
        raise BadInput(_why_not(error, address, port)) from error


def _first(address: str, port: int) -> tuple[Any, ...]:
    try:
        return socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)[0]
    except (socket.gaierror, UnicodeError) as error:
        raise OSError(errno.EADDRNOTAVAIL, "no such address") from error


def _why_not(error: OSError, address: str, port: int) -> str:
    if error.errno in {errno.EACCES, errno.EPERM}:
        return f"port is {port}, which this user may not open; give a number from 1024 to 65535."
    if error.errno == errno.EADDRNOTAVAIL:
        return f"address is {address!r}, which is none of this machine; {_CHOICES}."
    if error.errno == errno.EADDRINUSE:
        return (
            f"port is {port}, where something listens already, perhaps another lab: open {lab_address(address, port)}, "
            "or choose another with --port."
        )
    return f"nobody can listen at {address!r}, port {port} ({error.strerror}); {_CHOICES}."


def _run(*options: str) -> None:
    """As `python -m streamlit run app.py` does, in this process."""
    sys.argv = ["streamlit", "run", str(LAB / "app.py"), *options]
    runpy.run_module("streamlit", run_name="__main__", alter_sys=True)


def main() -> None:
    """Run `deep-belief-lab` in this process."""
    deep_belief_lab(prog_name="deep-belief-lab")
