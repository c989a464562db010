"""The dreams that the Generate page shows: each is computed once, part by part as somebody watches, for all viewers.

The same run, checkpoint, settings and drawing are the same dream, so thirty viewers of one are one computation. What
was dreamt is kept while there is room; a dream that had to make room is dreamt anew, picture by picture the same.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from hashlib import sha256
from threading import Lock

import numpy as np

from dbn_core.config.dreaming import DreamSettings
from dbn_core.questions import DreamSteps
from dbn_core.questions.dreaming import ChainState, Dreamt
from web import lab
from web.asking.desk import desk

STEPS = 40  # in a part at most, and so
PICTURES = 12  # pictures: a part is there in a fraction of a second
ROOM = 192 * 2**20  # bytes of pictures


@dataclass(eq=False)
class Dream:
    """A dream as far as it was dreamt. Only `advance` changes it, for all who wait for more of it."""

    key: str
    run_id: str
    checkpoint: int
    settings: DreamSettings
    drawing: bytes | None
    pictures: list[np.ndarray] = field(default_factory=list)  # each (chains, height, width[, 3]) uint8
    free_energy: list[np.ndarray] = field(default_factory=list)  # each (chains,), nats
    columns: int = 0
    classes: list[int] = field(default_factory=list)
    seconds: float = 0.0  # that the workers have computed
    _state: ChainState | None = None
    _lock: Lock = field(default_factory=Lock)

    async def advance(self, wanted: int) -> None:
        """Until there are `wanted` pictures, or all. Raises LabError when a worker cannot or will not."""
        while len(self.pictures) < min(wanted, self.settings.pictures):
            part = self._next_part()
            self._add(part, await desk().answer(part))

    @property
    def bytes(self) -> int:
        """Of its pictures."""
        return sum(picture.nbytes for picture in self.pictures)

    def _next_part(self) -> DreamSteps:
        with self._lock:
            first = len(self.pictures)
            most = max(1, min(PICTURES, STEPS // self.settings.every))
            count = min(most, self.settings.pictures - first)
            return DreamSteps(self.run_id, self.checkpoint, self.settings, first, count, self._state, self.drawing)

    def _add(self, part: DreamSteps, answer: Dreamt) -> None:
        with self._lock:
            if len(self.pictures) != part.first:
                return  # another one who waited for this very part was here before
            self._state, self.columns, self.classes = answer["state"], answer["columns"], answer["classes"]
            self.seconds += answer["seconds"]
            self.free_energy.extend(answer["free_energy"])
            self.pictures.extend(answer["pictures"])


_dreams: OrderedDict[str, Dream] = OrderedDict()
_guard = Lock()


def dream(run_id: str, checkpoint: int, settings: DreamSettings, drawing: bytes | None) -> Dream:
    """The dream of these settings: the one that others watch already, or a new one that is not begun."""
    if settings.start != "drawing":
        drawing = None
    facts = (lab.store().url, run_id, str(checkpoint), settings.model_dump_json())
    key = sha256("\n".join(facts).encode() + (drawing or b"")).hexdigest()[:24]
    with _guard:
        known = _dreams.pop(key, None) or Dream(key, run_id, checkpoint, settings, drawing)
        _dreams[key] = known
        while len(_dreams) > 1 and sum(each.bytes for each in _dreams.values()) > ROOM:
            _dreams.popitem(last=False)
    return known


def kept(key: str) -> Dream | None:
    """A dream that was asked for and is still kept."""
    with _guard:
        return _dreams.get(key)
