"""What a CUDA device was asked to do and has not done yet."""

from collections import deque

import torch

STRETCHES = 1  # that may be under way when another one is asked for: the device never waits for the host


class Backlog:
    """Keeps the host at most one stretch of updates ahead of its device.

    Without a bound the host would run on by a whole epoch: commands would seem slow, and a clock on the host would
    tell how fast updates are asked for, not how fast they are made. On other devices there is no backlog to speak of.
    """

    def __init__(self, device: torch.device) -> None:
        self._device = device if device.type == "cuda" else None
        self._ends: deque[torch.cuda.Event] = deque()

    def limit(self) -> None:
        """A stretch was asked for: wait until all but the last ones are done."""
        if self._device is None:
            return
        # Blocking: the processor's core is left to others meanwhile, and the next stretch is on the device already.
        end = torch.cuda.Event(blocking=True)
        end.record(torch.cuda.current_stream(self._device))
        self._ends.append(end)
        while len(self._ends) > STRETCHES:
            self._ends.popleft().synchronize()

    def clear(self) -> None:
        """Wait until everything is done."""
        while self._ends:
            self._ends.popleft().synchronize()
