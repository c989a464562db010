"""The wheel: what is in it, and that it trains and serves where there is no checkout and nothing but a home folder."""

import json
import os
import re
import signal
import subprocess
import sys
import sysconfig
import tomllib
import urllib.error
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

import dbn_core
from benchmarks.house import free_port
from dbn_core.config import RunConfig
from dbn_core.jobs import Jobs
from dbn_core.records import RunStatus
from dbn_core.store import RunStore
from tests.processes.lab import finished
from tests.waiting import PATIENCE, until

ROOT = Path(__file__).parent.parent
SMALL = ("--set", "epochs=1", "--set", "data.train_size=500")
pytestmark = pytest.mark.processes


class Installed:
    """The wheel in an environment of its own, used from an empty folder by somebody with an empty home."""

    def __init__(self, folder: Path, wheel: Path) -> None:
        self.wheel = wheel
        self.here, self.home = folder / "empty", folder / "home"
        self.here.mkdir()
        self.home.mkdir()
        self._environment = folder / "environment"
        venv.create(self._environment, with_pip=False)
        scheme = {"base": str(self._environment), "platbase": str(self._environment)}
        self.packages = Path(sysconfig.get_path("purelib", "venv", scheme))
        self.programs = Path(sysconfig.get_path("scripts", "venv", scheme))
        # The packages that the lab needs are those of whoever runs the tests.
        (self.packages / "others.pth").write_text(sysconfig.get_path("purelib") + "\n")
        pip("--python", self.programs / "python", "install", "--no-deps", "--no-index", wheel)

    @property
    def store(self) -> RunStore:
        """Where its runs are by default on Linux."""
        return RunStore(f"sqlite:///{self.home}/.local/share/deep-belief-lab/runs/lab.db")

    def start(self, program: str, *arguments: str, **more: Any) -> subprocess.Popen[str]:
        """The program in the empty folder, with nothing in its environment that could lead to the checkout."""
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "OMP_NUM_THREADS", "TMPDIR") if name in os.environ}
        environment = kept | {"HOME": str(self.home)} | more
        command = [str(self.programs / program), *arguments]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, cwd=self.here, env=environment, text=True, stdout=pipe, stderr=pipe)

    def run(self, program: str, *arguments: str, status: int = 0, **more: Any) -> str:
        """What it wrote: on standard output, or on standard error where it is to fail."""
        process = self.start(program, *arguments, **more)
        output, complaints = process.communicate()
        assert process.returncode == status, f"{output}\n{complaints}"
        return complaints if status else output


def pip(*arguments: object) -> None:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


class Browser:
    """A program that only notes what it is told to open."""

    def __init__(self, folder: Path) -> None:
        self._note = folder / "opened"
        program = folder / "browser"
        program.write_text(f'#!/bin/sh\necho "$1" > {self._note}\n')
        program.chmod(0o755)
        self.program = str(program)

    @property
    def opened(self) -> str:
        return self._note.read_text() if self._note.exists() else ""


@pytest.fixture
def browser(tmp_path: Path) -> Browser:
    return Browser(tmp_path)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, ROOT)
    (wheel,) = folder.glob("*.whl")
    return Installed(folder, wheel)


@pytest.fixture(scope="module")
def members(installed: Installed) -> Iterator[zipfile.ZipFile]:
    with zipfile.ZipFile(installed.wheel) as archive:
        yield archive


def test_the_wheel_holds_the_package_and_nothing_beside_it(members: zipfile.ZipFile) -> None:
    folders = {name.partition("/")[0] for name in members.namelist()}
    assert folders == {"dbn_core", f"deep_belief_lab-{dbn_core.__version__}.dist-info"}


def test_every_file_of_the_lab_is_in_the_wheel_and_no_other_one(members: zipfile.ZipFile) -> None:
    rooms = {"dbn_core": "dbn_core", "pages": "dbn_core/lab/pages", "web": "dbn_core/lab/web"}
    wanted = {f"{place}/{file}" for room, place in rooms.items() for file in files_of(room)}
    wanted |= {f"dbn_core/lab/assets/{file}" for file in files_of("assets") if not file.startswith("screenshots/")}
    wanted |= {"dbn_core/lab/app.py", "dbn_core/lab/.streamlit/config.toml"}
    assert {name for name in members.namelist() if ".dist-info/" not in name} == wanted


def files_of(folder: str) -> list[str]:
    """Relative to the folder, without what Python leaves there."""
    paths = (path.relative_to(ROOT / folder) for path in (ROOT / folder).rglob("*") if path.is_file())
    return [path.as_posix() for path in paths if "__pycache__" not in path.parts]


def test_the_wheel_asks_for_what_requirements_txt_lists(members: zipfile.ZipFile) -> None:
    (name,) = (name for name in members.namelist() if name.endswith(".dist-info/METADATA"))
    asked = message_from_bytes(members.read(name)).get_all("Requires-Dist") or []
    lines = (line.partition("#")[0].strip() for line in (ROOT / "requirements.txt").read_text().splitlines())
    always = {line for line in map(Requirement, asked) if "extra ==" not in str(line.marker)}
    assert always == {Requirement(line) for line in lines if line}


def test_the_tests_see_the_installed_package_and_not_the_checkout(installed: Installed) -> None:
    where = installed.run("python", "-c", "import dbn_core; print(dbn_core.__file__)")
    assert Path(where.strip()) == installed.packages / "dbn_core" / "__init__.py"
    assert installed.run("dbn", "--version").strip() == dbn_core.__version__
    assert installed.run("deep-belief-lab", "--version").strip() == dbn_core.__version__


def test_it_trains_from_an_empty_folder_and_keeps_the_run_with_the_user(installed: Installed) -> None:
    output = installed.run("dbn", "train", "--preset", "first-look", *SMALL, "--name", "from a wheel", "--json")
    events = [json.loads(line) for line in output.splitlines()]
    assert events[-1]["status"] == "done"
    assert events[-2]["metrics"]["recon_mse"] > 0
    assert [info.name for info in installed.store.runs()] == ["from a wheel"]
    assert list(installed.here.iterdir()) == []


def test_a_bad_option_ends_with_status_2_and_one_sentence(installed: Installed) -> None:
    message = installed.run("deep-belief-lab", "--address", "198.51.100.7", status=2)
    assert message == (
        "Error: address is '198.51.100.7', which is none of this machine; "
        "give 127.0.0.1 for this machine only, or 0.0.0.0 for others on the network.\n"
    )


def test_it_serves_pages_scripts_and_pictures_and_its_workers_train(installed: Installed, browser: Browser) -> None:
    store = installed.store
    run = store.create_run(RunConfig().with_values({"epochs": 1, "data.train_size": 500}))
    port = free_port()
    process = installed.start("deep-belief-lab", "--no-browser", f"--port={port}", BROWSER=browser.program)
    try:
        address = f"http://127.0.0.1:{port}"
        until(lambda: fetched(f"{address}/lab/health", process), "the start of the server")
        assert finished(run).status is RunStatus.DONE, run.info().message
        assert b"<title>" in (fetched(address, process) or b"")
        session = first_look(address, run.id)
        assert session["theme"] == theme("light")["primaryColor"].lower()
        assert session["scripts"]
        for script in session["scripts"]:
            assert fetched(f"{address}{script}", process), script
        news = json.loads(fetched(f"{address}/lab/runs/{run.id}/live", process) or b"null")
        picture = f"{address}/lab/runs/{run.id}/filters/{news['filters']['id']}/10x10x2-signed-shared-light.png"
        assert (fetched(picture, process) or b"").startswith(b"\x89PNG")
        end_cluster(store)
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate()
    assert browser.opened == ""
    assert list(installed.here.iterdir()) == []


def test_a_browser_is_opened_and_the_store_and_data_that_were_named_are_those_of_the_workers_too(
    installed: Installed, browser: Browser, tmp_path: Path
) -> None:
    store = RunStore(f"sqlite:///{tmp_path / 'mine.db'}")
    run = store.create_run(RunConfig().with_values({"data.name": "own/none", "epochs": 1}), "looks for its data")
    for file in ("one", "other"):
        write_own_set(tmp_path / "sets", file)
    address = f"http://127.0.0.1:{(port := free_port())}"
    process = installed.start(
        *("deep-belief-lab", f"--port={port}", "--store", store.url, "--data", str(tmp_path / "sets")),
        BROWSER=browser.program,
    )
    try:
        assert until(lambda: browser.opened, "the opening of a browser") == f"{address}\n"
        assert "There is no data set own/none here (there are own/one, own/other)" in finished(run).message
        end_cluster(store)
    finally:
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate()
    assert address in output
    assert store.url in output


def write_own_set(folder: Path, name: str) -> None:
    """A file where images of one's own are kept: a run that misses its data names those there are."""
    (folder / "own").mkdir(parents=True, exist_ok=True)
    (folder / "own" / f"{name}.npz").touch()


def fetched(url: str, process: subprocess.Popen[str]) -> bytes | None:
    """What is there; None where nobody answers (yet)."""
    assert process.poll() is None, process.communicate()
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
            return answer.read()
    except (urllib.error.URLError, TimeoutError):
        return None


def theme(appearance: str) -> dict[str, Any]:
    return tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))["theme"][appearance]


def first_look(address: str, run_id: str) -> dict[str, Any]:
    """What a browser is told that opens the page of a run: the colour of buttons, and the scripts it is to load."""
    host = address.removeprefix("http://")
    scripts: set[str] = set()
    primary = ""
    origin = Origin(address)
    with connect(
        f"ws://{host}/_stcore/stream", subprotocols=[Subprotocol("streamlit")], origin=origin, max_size=None
    ) as line:
        question = BackMsg()
        question.rerun_script.query_string = f"run={run_id}"
        line.send(question.SerializeToString())
        for content in line:
            assert isinstance(content, bytes)
            message = ForwardMsg.FromString(content)
            primary = primary or message.new_session.custom_theme.light.primary_color
            scripts |= {name.decode() for name in re.findall(rb"/lab/[\w/.-]+\.js", content)}
            if message.WhichOneof("type") == "script_finished":
                assert message.script_finished == ForwardMsg.ScriptFinishedStatus.FINISHED_SUCCESSFULLY
                return {"theme": primary.lower(), "scripts": scripts}
    raise AssertionError("the server hung up")


def end_cluster(store: RunStore) -> None:
    """The one that the server started, which would outlive it by a minute."""
    jobs = Jobs.connect(store)
    client = jobs._client
    assert client is not None
    number: Any = client.run_on_scheduler(os.getpid)
    jobs.close()
    os.kill(number, signal.SIGTERM)
    until(lambda: store.cluster_address() is None, "the end of the cluster")
