"""Gives the wheel the packages of requirements.txt, so that there is one list. Runs inside the build backend."""

from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface


class RequirementsHook(MetadataHookInterface):
    """Found by hatchling, since it is the one hook in this file (`pyproject.toml`)."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Set `dependencies`."""
        metadata["dependencies"] = requirements((Path(self.root) / "requirements.txt").read_text("utf-8"))


def requirements(text: str) -> list[str]:
    """The lines of a requirements file without comments: `numpy>=2.2,<3`, markers included."""
    lines = (line.partition(" #")[0].strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]
