"""Single files that cannot be taken: all are named at once, so that they can be mended at once."""

from dataclasses import dataclass, field

from dbn_core.data.own.names import listed, shown
from dbn_core.errors import DataError


class FileFaultError(DataError):
    """One file of many is at fault. reason: as in "is larger than 64 MiB"; remedy: as in "make it smaller"."""

    def __init__(self, name: str, reason: str, remedy: str) -> None:
        self.name, self.reason, self.remedy = name, reason, remedy
        super().__init__(f"{shown(name)} {reason}; {remedy}.")


@dataclass(slots=True)
class Faults:
    """Those met so far, by what is wrong."""

    _names: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self._names)

    def add(self, fault: FileFaultError) -> None:
        """Keep one; nothing is raised yet."""
        self._names.setdefault((fault.reason, fault.remedy), []).append(fault.name)

    def refuse(self) -> None:
        """Raises DataError with a sentence for each kind of fault, naming its files; without faults does nothing."""
        if self._names:
            raise DataError(" ".join(_sentence(names, *fault) for fault, names in self._names.items()))


def _sentence(names: list[str], reason: str, remedy: str) -> str:
    if len(names) == 1:
        return str(FileFaultError(names[0], reason, remedy))
    return f"Each of these {len(names):,} files {reason}; {remedy}: {listed(names)}."
