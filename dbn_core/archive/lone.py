"""A checkpoint as a file by itself, `.safetensors`: its tensors, and in the header's metadata what uses them.

    8 bytes: the length of the header, little-endian      the header: JSON      the tensors, as the header says

Any reader of safetensors finds the weights; `dbn_core.load` finds the settings as well.
"""

import json
from pathlib import Path

import safetensors

from dbn_core.archive.form import CHECKPOINT_KIND, ImagesPart, LonePart, PositionPart
from dbn_core.archive.parts import config_of, refuse_newer
from dbn_core.archive.sentences import checked
from dbn_core.archive.weights import check_finite, header_of
from dbn_core.data.seen import SeenImages
from dbn_core.errors import ArchiveError
from dbn_core.integers import from_json
from dbn_core.records import Checkpoint

KEY = "deep-belief-lab"
MOST_BYTES = 2 * 2**30


def packed(saved: Checkpoint, name: str, seen: SeenImages | None) -> bytes:
    """The checkpoint's blob with its settings in the header; name: of its run."""
    images = None if seen is None else ImagesPart.of(seen)
    position = PositionPart.of(saved.position)
    part = LonePart(name=name, position=position, config=saved.config.to_dict(), images=images)
    return _with_metadata(saved.payload, part.model_dump_json())


def unpacked(file: Path) -> tuple[LonePart, Checkpoint]:
    """Inverse of `packed`. Raises ArchiveError."""
    if file.exists() and not file.is_file():
        raise ArchiveError("it is no file; give one that the lab has exported")
    if file.stat().st_size > MOST_BYTES:
        raise ArchiveError(f"it is larger than {MOST_BYTES // 2**20:,} MiB, which no checkpoint is")
    payload = file.read_bytes()
    part = _part(payload)
    checked("it", lambda: check_finite(payload))
    config = config_of(part.config, "the settings in its header")
    return part, Checkpoint(part.position.position(), payload, config)


def _part(payload: bytes) -> LonePart:
    try:
        safetensors.deserialize(payload)
    except safetensors.SafetensorError as error:
        raise ArchiveError(f"it is no sound .safetensors ({error})") from error
    text = json.loads(header_of(payload)).get("__metadata__", {}).get(KEY)
    if text is None:
        raise ArchiveError("it holds weights without settings; give the .zip, or a .safetensors, of an exported run")
    content = from_json(text)
    if not isinstance(content, dict) or content.get("kind") != CHECKPOINT_KIND:
        raise ArchiveError("its header is of something else than a checkpoint")
    refuse_newer(content)
    return checked("its header", lambda: LonePart.model_validate(content))


def _with_metadata(payload: bytes, text: str) -> bytes:
    old = header_of(payload)
    content = json.loads(old)
    content["__metadata__"] = {**content.get("__metadata__", {}), KEY: text}
    header = json.dumps(content, separators=(",", ":")).encode()
    header += b" " * (-len(header) % 8)  # tensors begin at a multiple of 8, as safetensors itself has them
    return len(header).to_bytes(8, "little") + header + payload[8 + len(old) :]
