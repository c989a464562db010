"""Who may talk to a store's cluster: whoever can read its keys, and nobody else."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dbn_core.errors import JobError
from dbn_core.jobs.keys import keys_file, security


def test_they_are_made_once_for_their_owner_alone(store_url: str) -> None:
    with ThreadPoolExecutor(4) as pool:  # servers and clusters that start at once
        list(pool.map(security, [store_url] * 4))
    made = keys_file(store_url).read_bytes()
    security(store_url)
    assert keys_file(store_url).read_bytes() == made
    assert stat.S_IMODE(keys_file(store_url).stat().st_mode) == 0o600
    assert [path.name for path in keys_file(store_url).parent.iterdir()] == [keys_file(store_url).name], "no drafts"


def test_each_store_has_its_own(store_url: str, tmp_path: Path) -> None:
    other = f"sqlite:///{tmp_path / 'other.db'}"
    security(store_url)
    security(other)
    assert keys_file(store_url).read_bytes() != keys_file(other).read_bytes()


@pytest.mark.skipif(os.name == "nt", reason="files of Windows have no such modes")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_keys_that_others_can_read_are_refused(store_url: str, mode: int) -> None:
    security(store_url)
    keys_file(store_url).chmod(mode)
    with pytest.raises(JobError, match=r"nobody else can read.*Delete it") as caught:
        security(store_url)
    assert str(keys_file(store_url)) in str(caught.value)


@pytest.mark.skipif(os.name == "nt", reason="files of Windows have no such owners")
def test_keys_that_somebody_else_has_put_there_are_refused(store_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    security(store_url)
    monkeypatch.setattr(os, "getuid", lambda: 1 + keys_file(store_url).stat().st_uid)
    with pytest.raises(JobError, match="that you own"):
        security(store_url)


@pytest.mark.skipif(os.name == "nt", reason="a link needs rights there")
def test_a_link_in_their_place_is_refused(store_url: str, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.pem"
    security(store_url)
    keys_file(store_url).rename(elsewhere)
    keys_file(store_url).symlink_to(elsewhere)
    with pytest.raises(JobError, match="must be a file"):
        security(store_url)


def test_a_folder_that_cannot_be_written_to_is_named(
    store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a file").write_text("in the way")
    monkeypatch.setenv("DBN_CACHE", str(tmp_path / "a file"))
    with pytest.raises(JobError, match=r"cannot be made in .*DBN_CACHE"):
        security(store_url)
