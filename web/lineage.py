"""Where a branched run comes from: the curves of its ancestors."""

from collections.abc import Collection

from dbn_core.errors import RunNotFoundError
from dbn_core.records import MetricPoint, RunInfo
from web import lab

MOST = 16  # generations: a bound on the work one request can ask for


def ghosts(info: RunInfo, after: int, names: Collection[str]) -> list[MetricPoint]:
    """Points of the parent with an id above `after`, to its end; of older ancestors up to where the next one left.

    In the order of training. A parent that was deleted leaves nothing; the child outlives it.
    """
    inherited: list[MetricPoint] = []
    until = float("inf")
    for _ in range(MOST):
        if not info.parent:
            break
        try:
            parent = lab.store().run(info.parent)
            points = parent.metrics(after=after, names=names)
            origin = parent.info()
        except RunNotFoundError:
            break
        inherited = [point for point in points if point.position.epoch <= until] + inherited
        info, until = origin, origin.branched_at.epoch
    return inherited
