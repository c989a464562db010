"""Records to look at."""

from datetime import UTC, datetime
from typing import Any

from dbn_core.config import RunConfig
from dbn_core.records import MetricPoint, Position, Progress, RunInfo, RunStatus

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


def run_info(**changes: Any) -> RunInfo:
    values: dict[str, Any] = {
        "id": "4f2a",
        "name": "a run",
        "note": "",
        "status": RunStatus.RUNNING,
        "message": "",
        "config": RunConfig(),
        "created_at": NOON,
        "started_at": NOON,
        "finished_at": None,
        "heartbeat_age": 0.2,
        "executor": "cluster",
        "attempt": 1,
        "progress": Progress(Position(1234, 11.5, "layer2"), 30, 2, 3, 31_234.5, 48.2, "cpu"),
    }
    return RunInfo(**(values | changes))


def point(name: str, value: float, step: int, stage: str = "layer1") -> MetricPoint:
    return MetricPoint(name, value, Position(step, step / 160, stage), id=step + 1)
