"""Archives that are broken, or made to do harm: one sentence, and nothing is left in the store."""

import json
import math
import os
import stat
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dbn_core import places
from dbn_core.archive import export, import_archive, members
from dbn_core.config import RunConfig
from dbn_core.errors import ArchiveError
from dbn_core.frames import packed as packed_arrays
from dbn_core.store import RunStore
from tests.cli.test_archive import furnished
from tests.samples import frame_arrays

Parts = dict[str, bytes]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> RunStore:
    return RunStore(f"sqlite:///{tmp_path_factory.mktemp('hostile') / 'lab.db'}")


@pytest.fixture(scope="module")
def good(store: RunStore, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with everything in it; the run itself is gone."""
    config = RunConfig().with_values({"layers": [7], "epochs": 4})
    file = tmp_path_factory.mktemp("good") / "good.zip"
    run = furnished(store, config)
    export(run, file)
    run.delete()
    return file


def parts_of(file: Path) -> Parts:
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(file: Path, parts: Parts) -> Path:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file


def refused(store: RunStore, file: Path) -> str:
    with pytest.raises(ArchiveError) as caught:
        import_archive(store, file)
    assert store.runs() == [], "nothing of it stays"
    message = str(caught.value)
    assert str(file) in message
    assert "\n" not in message
    return message


def without(name: str) -> Callable[[Parts], None]:
    def apply(parts: Parts) -> None:
        del parts[name]

    return apply


def holding(name: str, content: bytes) -> Callable[[Parts], None]:
    return lambda parts: parts.update({name: content})


def changed(name: str, change: Callable[[Any], None]) -> Callable[[Parts], None]:
    def apply(parts: Parts) -> None:
        content = json.loads(parts[name])
        change(content)
        parts[name] = json.dumps(content).encode()

    return apply


def frame(content: bytes, kind: str = "diagnostics") -> Callable[[Parts], None]:
    """The first picture as a frame of diagnostics, or another packed kind, with this content."""

    def apply(parts: Parts) -> None:
        parts["snapshots/000000.u8"] = content
        shape = {"kind": kind, "shape": [len(content)]}
        changed("snapshots.json", lambda entries: entries[0].update(shape))(parts)

    return apply


def figures(name: str, change: Callable[[np.ndarray], np.ndarray]) -> Callable[[Parts], None]:
    """The first picture as a frame of diagnostics that is right but for the array of this name."""
    arrays = frame_arrays(7)
    return frame(packed_arrays({**arrays, name: change(arrays[name])}).tobytes())


def lacking(name: str) -> Callable[[Parts], None]:
    """The same without it."""
    return frame(packed_arrays({key: array for key, array in frame_arrays(7).items() if key != name}).tobytes())


def finding(**facts: object) -> Callable[[Parts], None]:
    """The first picture as a finding with these facts."""
    text = json.dumps({"part": "machine", **facts}).encode()
    return frame(packed_arrays({"facts": np.frombuffer(text, np.uint8)}).tobytes(), "evaluation")


def tensor(name: str, change: Callable[[np.ndarray], np.ndarray]) -> Callable[[Parts], None]:
    """The weights, right but for this tensor."""

    def apply(parts: Parts) -> None:
        tensors = safetensors.numpy.load(parts["weights.safetensors"])
        tensors[name] = change(tensors.get(name, np.zeros(3, np.float32)))
        parts["weights.safetensors"] = safetensors.numpy.save(tensors, metadata_of(parts))

    return apply


def training(change: Callable[[Any], None]) -> Callable[[Parts], None]:
    """The weights, right but for what they say beside their tensors."""

    def apply(parts: Parts) -> None:
        facts = json.loads(metadata_of(parts)["training"])
        change(facts)
        tensors = safetensors.numpy.load(parts["weights.safetensors"])
        parts["weights.safetensors"] = safetensors.numpy.save(tensors, {"training": json.dumps(facts)})

    return apply


def metadata_of(parts: Parts) -> dict[str, str]:
    payload = parts["weights.safetensors"]
    return json.loads(payload[8 : 8 + int.from_bytes(payload[:8], "little")])["__metadata__"]


def set_to(value: float) -> Callable[[np.ndarray], np.ndarray]:
    """The last number of an array."""

    def apply(array: np.ndarray) -> np.ndarray:
        changed = array.copy()
        changed.flat[-1] = value
        return changed

    return apply


MISSING = "checkpoints/000000.safetensors"
METRICS = b"step,epoch,stage,name,value\n"
COMMANDS = b"sent_at,command,step,epoch,stage,problem\n"


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (without("run.json"), "no exported run"),
        (holding("images.json", b"{"), "unreadable"),
        (holding("images.json", b"3"), "images.json"),
        (changed("images.json", lambda images: images.update(shape=[28, 0])), "images.json: shape"),
        (changed("images.json", lambda images: images.update(shape=[28, 27])), "does not fit images of 28 x 27"),
        (changed("images.json", lambda images: images["scale"].update(white=math.inf)), "images.json: scale"),
        (changed("images.json", lambda images: images["scale"].update(white=0)), "no ends of a scale"),
        (without("config.json"), "config.json is missing"),
        (without("weights.safetensors"), "weights.safetensors is missing"),
        (without("metrics.csv"), "metrics.csv is missing"),
        (without("snapshots/000001.u8"), "snapshots/000001.u8 is missing"),
        (holding("run.json", b"[]"), "no exported run"),
        (holding("run.json", b"{"), "unreadable"),
        (holding("run.json", b"[" * 100_000), "unreadable"),
        (holding("run.json", b"[" + b"9" * 5000 + b"]"), "another kind"),
        (holding("run.json", b'{"kind": "deep-belief-lab run", "version": ' + b"9" * 5000 + b"}"), "run.json"),
        (holding("config.json", b"\xff\xfe\xfd"), "unreadable"),
        (holding("config.json", b'{"epochs": -1, "colour": "red"}'), "epochs: -1 is not allowed"),
        (holding("config.json", b"3"), "config.json"),
        (changed("run.json", lambda run: run.update(version=2)), "newer version"),
        (changed("run.json", lambda run: run.update(status="asleep")), "status"),
        (changed("run.json", lambda run: run.update(name="x" * 81)), "80 characters"),
        (changed("run.json", lambda run: run.update(name="a\u0000b")), "control characters"),
        (changed("run.json", lambda run: run.update(note="a\u0007b")), "control characters"),
        (changed("run.json", lambda run: run.update(surprise=1)), "surprise"),
        (changed("run.json", lambda run: run["checkpoint"]["config"].update(epochs=-3)), "checkpoint"),
        (changed("run.json", lambda run: run["checkpoint"]["position"].update(step=-1)), "step"),
        (holding("weights.safetensors", b""), "weights.safetensors"),
        (holding("weights.safetensors", b"\xff" * 64), "weights.safetensors"),
        (holding("weights.safetensors", b"\x02\0\0\0\0\0\0\0{}"), "no weights"),
        (holding("checkpoints.json", b"[]"), "does not name weights.safetensors"),
        (changed("checkpoints.json", lambda entries: entries[0].update(file="../../x.safetensors")), "file"),
        (changed("checkpoints.json", lambda entries: entries[0].update(keep="for ever")), "keep"),
        (changed("checkpoints.json", lambda entries: entries[0]["config"].update(epochs=-3)), "epochs"),
        (changed("checkpoints.json", lambda entries: entries.extend(entries)), "names the same file twice"),
        (
            changed("checkpoints.json", lambda entries: entries.insert(0, entries[0] | {"file": MISSING})),
            "checkpoints/000000.safetensors is missing",
        ),
        (changed("snapshots.json", lambda entries: entries[0].update(kind="diagnostics")), "dimensions"),
        (frame(b"no such thing"), "snapshots/000000.u8"),
        (frame(zlib.compress(b"\xff" * 64)), "snapshots/000000.u8"),
        (frame(zlib.compress(bytes(2**26))), "more than 32 MiB"),
        (frame(zlib.compress(b"\x02\0\0\0\0\0\0\0{}")[:-6]), "not complete"),
        (frame(zlib.compress(b"\x02\0\0\0\0\0\0\0{}"), "evaluation"), "snapshots/000000.u8"),
        (holding("metrics.csv", METRICS + b"1,0.5,layer1,<b>,0.5\n"), "should match pattern"),
        (holding("metrics.csv", b"a,b\n1,2\n"), "the first line must be"),
        (holding("metrics.csv", METRICS + b"1,0.5,layer1,recon_mse\n"), "line 2: 4 values"),
        (holding("metrics.csv", METRICS + b"1,0.5,layer1,recon_mse,x\n"), "line 2"),
        (holding("metrics.csv", METRICS + b"-1,0.5,layer1,recon_mse,1\n"), "line 2: step"),
        (holding("metrics.csv", METRICS + b"1,nan,layer1,recon_mse,1\n"), "line 2: epoch"),
        (holding("metrics.csv", METRICS + b"1,0.5,<b>,recon_mse,1\n"), "line 2: stage"),
        (holding("metrics.csv", METRICS + b"1,0.5,layer1,,1\n"), "needs a name"),
        (holding("metrics.csv", METRICS + b"9" * 5000 + b",0.5,layer1,recon_mse,1\n"), "line 2"),
        (holding("metrics.csv", METRICS + b'"1,0.5'), "unreadable"),
        (holding("commands.csv", COMMANDS + b"now,{},1,0.5,layer1,\n"), "line 2"),
        (holding("commands.csv", COMMANDS + b"now,[1],1,0.5,layer1,\n"), "JSON object"),
        (holding("commands.csv", COMMANDS + b'now,"{""kind"": ""step"", ""unit"": ""run""}",1,0.5,layer1,\n'), "step"),
        (
            holding(
                "commands.csv", COMMANDS + b'now,"{""kind"": ""set"", ""field"": ""seed"", ""value"": 1}",1,1,a,\n'
            ),
            "cannot change while training",
        ),
        (holding("snapshots.json", b"{}"), "snapshots.json"),
        (changed("snapshots.json", lambda entries: entries[0].update(shape=[7, 28, 29])), "does not have the size"),
        (
            changed("snapshots.json", lambda entries: entries[0].update(shape=[2**31, 2**31, 2**31])),
            "are no pictures",
        ),
        (changed("snapshots.json", lambda entries: entries[0].update(shape=[-7, -28, 28])), "shape"),
        (changed("snapshots.json", lambda entries: entries[0].update(file="../../etc/passwd")), "file"),
        (changed("snapshots.json", lambda entries: entries[0].update(scale="inf")), "scale"),
        (changed("snapshots.json", lambda entries: entries[0].update(projection="<b>")), "cannot show '<b>'"),
        (changed("snapshots.json", lambda entries: entries[0].update(projection=["weights"])), "projection"),
        (changed("snapshots.json", lambda entries: entries.append(entries[0])), "same file twice"),
        (holding("../evil", b"x"), "leads out of the archive"),
        (holding("/etc/evil", b"x"), "leads out of the archive"),
        (holding("C:\\evil", b"x"), "leads out of the archive"),
    ],
)
def test_a_part_that_is_wrong_is_named(
    store: RunStore, good: Path, tmp_path: Path, change: Callable[[Parts], None], complaint: str
) -> None:
    parts = parts_of(good)
    change(parts)
    assert complaint in refused(store, packed(tmp_path / "bad.zip", parts))


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (figures("unit.norm", set_to(math.nan)), "'unit.norm' holds a number that is not finite"),
        (figures("histogram.W", set_to(math.inf)), "'histogram.W' holds a number that is not finite"),
        (figures("unit.bias", set_to(-1e31)), "or beyond 1e+30"),
        (figures("unit.bias", lambda array: array.astype(np.float64)), "float64 (7,)"),
        (figures("unit.norm", lambda array: array[:5]), "'unit.norm' is not of the type and shape"),
        (figures("unit.activity", lambda array: array.reshape(7, 1)), "not of the type and shape"),
        (figures("histogram.dW", lambda array: array[:2]), "'histogram.dW' is not of the type and shape"),
        (figures("hidden", lambda array: array.astype(np.float32)), "'hidden' is not of the type and shape"),
        (figures("hidden", lambda array: array[:0]), "'hidden' is not of the type and shape"),
        (lacking("unit.usefulness"), "it lacks unit.usefulness"),
        (lacking("hidden"), "it lacks hidden"),
        (finding(seconds=math.nan), "finite numbers"),
        (finding(seconds=math.inf), "finite numbers"),
        (finding(seconds=10**400), "finite numbers"),
        (finding(seconds={}), "finite numbers"),
        (tensor("layer1.W", set_to(math.nan)), "'layer1.W' holds a number that is not finite"),
        (tensor("velocity.W", set_to(math.inf)), "'velocity.W' holds a number that is not finite"),
        (tensor("layer1.h_bias", set_to(1e38)), "or beyond 1e+09"),
        (tensor("layer1.W", lambda array: array[:5]), "layer1.W is 5 x 784, which does not fit a layer of 7 units"),
        (tensor("layer1.W", lambda array: array.T.copy()), "layer1.W is 784 x 7, which does not fit a layer"),
        (tensor("layer1.v_bias", lambda array: array[:5]), "layer1.v_bias is 5, which does not fit"),
        (tensor("generator", lambda array: array.astype(np.float32)), "lacks the state of its generator"),
        (tensor("layer1.W", lambda array: array.astype(np.uint16)), "of the type U16, which no weights are"),
        (holding("weights.safetensors", safetensors.numpy.save({"a": np.zeros(3)})), "its metadata name no training"),
        (training(lambda facts: facts.update(threads=10**6)), "threads"),
        (training(lambda facts: facts.update(cursor=3)), "cursor"),
        (training(lambda facts: facts.update(surprise=3)), "surprise"),
        (training(lambda facts: facts["cursor"].update(step=-1)), "cursor.step"),
        (training(lambda facts: facts["cursor"].update(step=10**30)), "cursor.step"),
        (changed("snapshots.json", lambda entries: entries[0].update(shape=[28, 28, 7])), "of different sizes"),
        (changed("snapshots.json", lambda entries: entries[0].update(shape=[1, 7 * 28, 28])), "of different sizes"),
        (changed("snapshots.json", lambda entries: entries[0].update(shape=[7, 14, 14, 4])), "are no pictures"),
        (changed("snapshots.json", lambda entries: entries[1].update(shape=[1, 10, 28, 28])), "are no pictures"),
        (changed("snapshots.json", lambda entries: entries[0].update(scale=1e300)), "scale"),
        (changed("snapshots.json", lambda entries: entries[0]["position"].update(epoch=1e300)), "epoch"),
        (changed("run.json", lambda run: run["progress"].update(stage_count=10**30)), "stage_count"),
        (changed("run.json", lambda run: run.update(created_at="0001-01-01T00:00:00Z")), "created_at"),
        (changed("run.json", lambda run: run.update(created_at="2026-01-01T00:00:00")), "created_at"),
        (changed("config.json", lambda config: config.update({"x" * 5000: 1})), "x" * 57 + "...: no such setting"),
        (changed("config.json", lambda config: config.update(dict.fromkeys(map(str, range(99)), 1))), "and 79 more"),
    ],
)
def test_content_that_would_break_a_page_later_is_refused_and_named(
    store: RunStore, good: Path, tmp_path: Path, change: Callable[[Parts], None], complaint: str
) -> None:
    parts = parts_of(good)
    change(parts)
    message = refused(store, packed(tmp_path / "bad.zip", parts))
    assert complaint in message
    assert len(message) < 4000


@pytest.mark.parametrize("file", sorted(places.GALLERY.glob("*.zip")), ids=lambda file: file.stem)
def test_what_the_lab_itself_exported_is_taken_back(store: RunStore, file: Path) -> None:
    import_archive(store, file).delete()


def test_a_bomb_is_refused_before_it_is_unpacked(
    store: RunStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = packed(tmp_path / "bomb.zip", {"weights.safetensors": bytes(2**23)})
    monkeypatch.setattr(members, "HARMLESS_BYTES", 2**20)
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_: pytest.fail("it was unpacked"))
    assert "to 1, far more than any run" in refused(store, file)


def test_too_many_files_and_too_many_bytes_are_refused(
    store: RunStore, good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(members, "MEMBERS", 5)
    assert "at most 5" in refused(store, good)
    monkeypatch.undo()
    monkeypatch.setattr(members, "TOTAL_BYTES", 1000)
    assert "MiB" in refused(store, good)


def test_a_member_larger_than_it_claims_is_not_believed(store: RunStore, good: Path, tmp_path: Path) -> None:
    raw = good.read_bytes()
    with zipfile.ZipFile(good) as archive:
        size = archive.getinfo("weights.safetensors").file_size
    lying = tmp_path / "lying.zip"
    lying.write_bytes(raw.replace(size.to_bytes(4, "little"), (size - 1).to_bytes(4, "little")))
    assert lying.read_bytes() != raw
    refused(store, lying)


def test_a_link_in_an_archive_is_only_bytes(store: RunStore, good: Path, tmp_path: Path) -> None:
    parts = parts_of(good)
    with zipfile.ZipFile(packed(tmp_path / "link.zip", parts), "a") as archive:
        link = zipfile.ZipInfo("filters/link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    run = import_archive(store, tmp_path / "link.zip")
    run.delete()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link.zip"]


def test_the_same_name_twice_is_refused(store: RunStore, good: Path, tmp_path: Path) -> None:
    file = packed(tmp_path / "twice.zip", parts_of(good))
    with zipfile.ZipFile(file, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("config.json", b"{}")
    assert "two files of the same name" in refused(store, file)


@given(where=st.integers(0, 2**20), mask=st.integers(1, 255), cut=st.booleans())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_byte_is_damaged_it_is_imported_or_refused_with_a_sentence(
    store: RunStore, good: Path, tmp_path: Path, where: int, mask: int, cut: bool
) -> None:
    raw = bytearray(good.read_bytes())
    position = where % len(raw)
    raw[position] ^= mask
    file = tmp_path / "damaged.zip"
    file.write_bytes(raw[:position] if cut else raw)
    with suppress(ArchiveError):
        import_archive(store, file).delete()
    assert store.runs() == []


def test_pipes_and_devices_are_refused_at_once(store: RunStore, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "run.zip")
    for file in (tmp_path / "run.zip", Path("/dev/zero")):
        with pytest.raises(
            ArchiveError, match=r"cannot be imported: it is a pipe or a device and no file; give the \.zip"
        ):
            import_archive(store, file)
    assert store.runs() == []
