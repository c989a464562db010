"""What differs between Windows and other systems in how the job cluster is started and told to end."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dbn_core.jobs import cluster, launch
from dbn_core.jobs.launch import apart, cluster_log, search_path
from dbn_core.places import LAB
from dbn_core.store import RunStore
from tests.waiting import PATIENCE, until


def test_a_cluster_started_in_the_background_belongs_to_no_terminal() -> None:
    assert apart("linux") == apart("darwin") == {"start_new_session": True}
    new_process_group, no_window = 0x200, 0x8000000
    assert apart("win32") == {"creationflags": new_process_group | no_window}


@pytest.mark.skipif(sys.platform == "win32", reason="sessions are what other systems have")
def test_a_child_that_is_apart_leads_a_session_of_its_own() -> None:
    code = "import os; print(os.getsid(0) == os.getpid())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, **apart(sys.platform))
    assert done.stdout.strip() == b"True"


def test_a_checkout_is_found_by_its_folder_and_an_installed_package_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "mine")
    assert search_path(is_installed=False) == {"PYTHONPATH": f"{LAB}{os.pathsep}mine"}
    assert search_path(is_installed=True) == {}


def test_another_dbn_core_in_the_current_folder_is_not_taken_for_the_lab(
    store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "dbn_core").mkdir()
    (tmp_path / "dbn_core" / "__init__.py").touch()
    (tmp_path / "dbn_core" / "__main__.py").write_text("print('not the lab')")
    monkeypatch.chdir(tmp_path)
    store = RunStore(store_url)
    child = launch._start(store)
    try:
        until(lambda: has_started(child, store.url), "the start of the cluster")
    finally:
        child.terminate()
        child.wait(PATIENCE)


def has_started(child: subprocess.Popen[bytes], store_url: str) -> bool:
    said = cluster_log(store_url).read_text()
    assert child.poll() is None, said
    return "Job cluster of" in said


def test_ctrl_break_ends_the_cluster_where_there_is_such_a_key() -> None:
    assert cluster.ending_signals({"SIGTERM", "SIGINT", "SIGKILL"}) == ["SIGTERM", "SIGINT"]
    assert cluster.ending_signals({"SIGABRT", "SIGBREAK", "SIGINT", "SIGTERM"}) == ["SIGTERM", "SIGINT", "SIGBREAK"]


def test_on_windows_a_gpu_is_seen_by_the_program_that_its_driver_brings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not cluster.has_gpu(platform="win32")
    program = tmp_path / "nvidia-smi"
    program.touch()
    program.chmod(0o755)
    assert cluster.has_gpu(platform="win32")
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "-1")
    assert not cluster.has_gpu(platform="win32")
