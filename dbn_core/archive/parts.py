"""What an archive says of its run and of the checkpoints that it holds, checked."""

from typing import Any

from pydantic import TypeAdapter

from dbn_core.archive import form
from dbn_core.archive.members import Members
from dbn_core.archive.sentences import checked
from dbn_core.archive.weights import check_weights
from dbn_core.config import RunConfig
from dbn_core.data.seen import SeenImages
from dbn_core.errors import ArchiveError, ConfigError
from dbn_core.integers import from_json
from dbn_core.records import Checkpoint


def run_part(members: Members) -> form.RunPart:
    """`run.json`. Raises ArchiveError where it is of something else, or of a newer lab."""
    if form.RUN not in members:
        raise ArchiveError(f"it is no exported run: {form.RUN} is missing in it")
    content = from_json(members.read(form.RUN))
    if not isinstance(content, dict) or content.get("kind") != form.KIND:
        raise ArchiveError(f"it is no exported run: {form.RUN} is of another kind")
    refuse_newer(content)
    return checked(form.RUN, lambda: form.RunPart.model_validate(content))


def refuse_newer(content: dict[str, Any]) -> None:
    """Raises ArchiveError where the file says that it has a form which this lab does not know yet."""
    version = content.get("version")
    if isinstance(version, int) and version > form.VERSION:
        raise ArchiveError(f"it was made by a newer version of the lab (form {version}; this one reads {form.VERSION})")


def config_of(values: Any, where: str) -> RunConfig:
    """Settings, validated. Raises ArchiveError that says where they are."""
    try:
        return RunConfig.from_dict(values)
    except ConfigError as error:
        raise ArchiveError(f"{where}: {'; '.join(str(error).splitlines())}") from error


def checkpoint_parts(members: Members, part: form.RunPart) -> list[form.KeptPart]:
    """All checkpoints, oldest first; of an archive that lists none, the one it has."""
    if form.CHECKPOINTS in members:
        adapter = TypeAdapter(list[form.KeptPart])
        parts = checked(form.CHECKPOINTS, lambda: adapter.validate_json(members.read(form.CHECKPOINTS)))
    else:
        saved = part.checkpoint
        parts = [] if saved is None else [form.KeptPart(**dict(saved), file=form.WEIGHTS, keep="latest")]
    if part.checkpoint is not None and not any(entry.file == form.WEIGHTS for entry in parts):
        raise ArchiveError(f"{form.CHECKPOINTS} does not name {form.WEIGHTS}")
    if len({entry.file for entry in parts}) != len(parts):
        raise ArchiveError(f"{form.CHECKPOINTS} names the same file twice")
    if part.checkpoint is not None:
        config_of(part.checkpoint.config, f"{form.RUN}, checkpoint")
    for entry in parts:
        config_of(entry.config, f"the settings of {entry.file}")
        if entry.file not in members:
            raise ArchiveError(f"{entry.file} is missing in it")
    return parts


def seen_part(members: Members) -> SeenImages | None:
    """`images.json`; None in archives that have none. Raises ArchiveError."""
    if form.IMAGES not in members:
        return None
    content = from_json(members.read(form.IMAGES))
    return checked(form.IMAGES, lambda: form.ImagesPart.model_validate(content)).seen()


def checkpoint_of(members: Members, entry: form.KeptPart, images: SeenImages | None) -> Checkpoint:
    """One of those that the archive lists. Raises ArchiveError for what are no weights, or none for these images."""
    payload, config = members.read(entry.file), config_of(entry.config, f"the settings of {entry.file}")
    checked(entry.file, lambda: check_weights(payload, config, images))
    return Checkpoint(entry.position.position(), payload, config, entry.keep)
