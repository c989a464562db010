"""Archives that were tampered with: one of the lab's own examples, changed in one to three places by a seed."""

import csv
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import safetensors.numpy

from dbn_core.archive.form import CHECKPOINTS, COMMANDS, CONFIG, METRICS, RUN, SNAPSHOTS, WEIGHTS
from dbn_core.frames import packed, unpacked
from dbn_core.places import GALLERY

Parts = dict[str, bytes]

UNITS = 13
KEPT = 3  # pictures of each kind, so that a look at a run takes a fraction of a second
ROWS = 120  # metrics
VALUES: tuple[Any, ...] = (
    *(None, True, -1, 0, 1, 2**31, 2**53, 2**63, 10**30, 0.5, -0.5, 1e-320, 1e300),
    *(float("nan"), float("inf"), -float("inf"), [], {}, [[]], ["x"], {"x": 1}),
    *(
        "",
        "x",
        "-1",
        "9" * 5000,
        "x" * 5000,
        "\u0000",
        "\u202e",
        "\ud800",
        "１２",
        "<b>",
        "../../etc/passwd",
        "layer99",
    ),
    *("layer0", "layers", "vae", "evaluation", "recon_mse", "layer1.W", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"),
)
SHAPES = (
    (0,),
    (1,),
    (43,),
    (3, 3, 3),
    (2, 2, 3, 3),
    (1, 1, 1),
    (100, 1, 1),
    (5, 28, 28),
    (5, 28, 28, 3),
    (5, 28, 28, 2),
)


def sample() -> Parts:
    """The parts of a good archive: an example with everything that a run may have, cut to a few units and moments."""
    with zipfile.ZipFile(GALLERY / "10-first-look.zip") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    entries, kinds = [], Counter[str]()
    for entry in json.loads(parts[SNAPSHOTS]):
        kinds[entry["kind"]] += 1
        content = parts.pop(entry["file"])
        if kinds[entry["kind"]] <= KEPT:
            parts[entry["file"]] = _cut_picture(entry, content)
            entries.append(entry)
    parts[SNAPSHOTS] = _written(entries)
    for name in (CONFIG, RUN, CHECKPOINTS):
        parts[name] = re.sub(rb'("layers": \[\s*)256', rb"\g<1>%d" % UNITS, parts[name])
    tensors, metadata = _tensors(parts[WEIGHTS])
    parts[WEIGHTS] = safetensors.numpy.save({name: _cut(tensor) for name, tensor in tensors.items()}, metadata)
    parts[METRICS] = b"\n".join(parts[METRICS].split(b"\n")[: ROWS + 1]) + b"\n"
    parts[COMMANDS] += b'now,"{""kind"": ""set"", ""field"": ""training.k"", ""value"": 3}",7,0.5,layer1,\n'
    return parts


def _cut_picture(entry: dict[str, Any], content: bytes) -> bytes:
    """Shorter, and so is its shape in the list."""
    pixels = np.frombuffer(content, np.uint8).reshape(entry["shape"])
    if entry["kind"] in {"diagnostics", "evaluation"}:
        pixels = packed({name: _cut(array) for name, array in unpacked(pixels).items()})
    elif entry["kind"] != "reconstructions":
        pixels = pixels[:UNITS]
    entry["shape"] = list(pixels.shape)
    return pixels.tobytes()


def _cut(array: np.ndarray) -> np.ndarray:
    """With so few units wherever it has the example's 256, or the first 100 or 250 of those."""
    places = tuple(slice(UNITS if size in {100, 250, 256} else None) for size in array.shape)
    return np.ascontiguousarray(array[places])


def _tensors(payload: bytes) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    header = json.loads(payload[8 : 8 + int.from_bytes(payload[:8], "little")])
    return safetensors.numpy.load(payload), header.get("__metadata__", {})


def write(parts: Parts, file: Path) -> None:
    """As a `.zip`, stored as it is."""
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def tampered(parts: Parts, random: Random) -> Parts:
    """A copy, changed in one to three places."""
    changed = dict(parts)
    chosen = random.choices(CHANGES, k=random.choice((1, 1, 1, 2, 3)))
    for change in sorted(chosen, key=CHANGES.index):  # what needs a whole part comes before what leaves none
        change(changed, random)
    return changed


# -- changes ----------------------------------------------------------------------------------------------------------


def _in_json(parts: Parts, random: Random) -> None:
    name = random.choice((RUN, CONFIG, CHECKPOINTS, SNAPSHOTS))
    content = _read(parts.get(name, b"{}"))
    _damage(content, random)
    parts[name] = _written(content)


def _damage(content: Any, random: Random) -> None:
    """Change, leave out or add one value, at whatever depth."""
    keys = (
        list(content) if isinstance(content, dict) else list(range(len(content))) if isinstance(content, list) else []
    )
    if not keys:
        return
    key = random.choice(keys)
    if isinstance(content[key], dict | list) and content[key] and random.random() < 0.8:
        _damage(content[key], random)
        return
    match random.randrange(6):
        case 0:
            del content[key]
        case 1 if isinstance(content, list):
            content.append(content[key])
        case 1 if isinstance(content, dict):
            content[random.choice(("x", "__class__", "\u0000"))] = content[key]
        case _:
            content[key] = random.choice(VALUES)


def _in_table(parts: Parts, random: Random) -> None:
    name = random.choice((METRICS, COMMANDS))
    rows = list(csv.reader(io.StringIO(parts.get(name, b"").decode("utf-8", "replace"))))
    if not any(rows):
        return
    row = random.choice([row for row in rows if row])
    place = random.randrange(len(row))
    match random.randrange(5):
        case 0:
            del row[place]
        case 1:
            rows.append(row)
        case 2:
            row[place] = json.dumps({"kind": random.choice(("set", "step", "pause", "x")), "field": "training.k"})
        case _:
            row[place] = str(random.choice(VALUES))
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    parts[name] = out.getvalue().encode("utf-8", "surrogatepass")


def _in_frame(parts: Parts, random: Random) -> None:
    """A frame of diagnostics or a finding, whose place in the list stays true."""
    entries = _read(parts.get(SNAPSHOTS, b"[]"))
    frames = [entry for entry in _list(entries) if entry.get("kind") in {"diagnostics", "evaluation"}]
    entry = random.choice(frames) if frames else {}
    if entry.get("file") not in parts:
        return
    arrays = unpacked(np.frombuffer(parts[entry["file"]], np.uint8))
    if "facts" in arrays and random.random() < 0.5:
        facts = _read(arrays["facts"].tobytes())
        _damage(facts, random)
        arrays["facts"] = np.frombuffer(_written(facts), np.uint8)
    else:
        _damage_arrays(arrays, random)
    parts[entry["file"]] = packed(arrays).tobytes()
    entry["shape"] = [len(parts[entry["file"]])]
    parts[SNAPSHOTS] = _written(entries)


def _in_weights(parts: Parts, random: Random) -> None:
    tensors, metadata = _tensors(parts[WEIGHTS])
    if random.random() < 0.4:
        facts = _read(metadata.get("training", "{}"))
        _damage(facts, random)
        metadata = random.choice(({"training": _written(facts).decode("utf-8", "replace")}, {}, {"training": "x"}))
    else:
        _damage_arrays(tensors, random)
    parts[WEIGHTS] = safetensors.numpy.save(tensors, metadata)


@np.errstate(invalid="ignore", over="ignore")
def _damage_arrays(arrays: dict[str, np.ndarray], random: Random) -> None:
    if not arrays:
        return
    name = random.choice(sorted(arrays))
    array = arrays[name]
    match random.randrange(6):
        case 0:
            del arrays[name]
        case 1:
            arrays[name] = np.zeros(random.choice(SHAPES), array.dtype)
        case 2:
            arrays[name] = array.astype(random.choice(("uint8", "int64", "float16", "float64", "bool")))
        case 3:
            arrays[random.choice(("x", "facts", "layer2.W", "unit.x", "vae.x", "a.grid"))] = array
        case 4:
            arrays[name] = array[: len(array) // 2] if array.ndim else array
        case _:
            value = random.choice((np.nan, np.inf, -np.inf, 1e38, -1.0, 0.0))
            arrays[name] = np.where(np.arange(array.size).reshape(array.shape) % 7, array, value).astype(array.dtype)


def _in_picture(parts: Parts, random: Random) -> None:
    """A picture of another kind or shape, with as many bytes as that needs."""
    entries = _read(parts.get(SNAPSHOTS, b"[]"))
    found = [entry for entry in _list(entries) if entry.get("file") in parts]
    if not found:
        return
    entry = random.choice(found)
    entry["shape"] = list(random.choice(SHAPES))
    entry["kind"] = random.choice(("filters", "reconstructions", "projection", entry["kind"]))
    entry["projection"] = random.choice(("", "weights", "most_exciting", "response_average"))
    parts[entry["file"]] = random.randbytes(int(np.prod(entry["shape"])))
    parts[SNAPSHOTS] = _written(entries)


def _a_byte(parts: Parts, random: Random) -> None:
    name = random.choice(sorted(parts))
    content = bytearray(parts[name])
    if content:
        content[random.randrange(len(content))] ^= random.randrange(1, 256)
    parts[name] = bytes(content[: random.choice((len(content), len(content), len(content) // 2))])


def _a_member(parts: Parts, random: Random) -> None:
    name = random.choice(sorted(parts))
    if random.random() < 0.5:
        del parts[name]
    else:
        parts[random.choice(("../evil", "/etc/evil", "a\\b", "filters/x.png", "checkpoints/000000.safetensors"))] = b"x"


Change = Callable[[Parts, Random], None]
CHANGES: tuple[Change, ...] = (
    *(_in_weights, _in_weights, _in_frame, _in_frame, _in_frame, _in_picture, _in_table),
    *(_in_json, _in_json, _in_json, _a_member, _a_byte),
)


# -- parts ------------------------------------------------------------------------------------------------------------


def _read(content: str | bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:  # an earlier change has damaged it
        return {}


def _list(content: Any) -> list[dict[str, Any]]:
    return [entry for entry in content if isinstance(entry, dict)] if isinstance(content, list) else []


def _written(content: Any) -> bytes:
    return json.dumps(content).encode()
