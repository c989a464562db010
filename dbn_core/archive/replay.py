"""A run as one HTML file that replays it: no server, no network, nothing to install, below `LIMIT` bytes.

The page is `assets/replay/replay.html` with its style, its script and the run's data put in. Data is JSON in a script
element that is never executed, and the page's own policy (CSP) forbids every script but ours and every request.
"""

import base64
import hashlib
import html
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any, TypeVar

from dbn_core.archive.script import joined
from dbn_core.config.stages import LAYERS
from dbn_core.findings import Finding
from dbn_core.places import ASSETS
from dbn_core.records import MetricPoint, Position, SnapshotInfo
from dbn_core.store import Run
from dbn_core.view import markup, reconstructions, report_document
from dbn_core.view import replay as view
from dbn_core.view.mosaic import MosaicOptions, mosaic
from dbn_core.view.palette import Theme
from dbn_core.view.replay_data import ReplayData, ReplayMoment, ReplayNumbers
from dbn_core.view.report_document import CASES, COLUMNS, Material
from dbn_core.view.stages import in_training, learn_together

REPLAY = ASSETS / "replay"
STYLES = (REPLAY / "replay.css", ASSETS / "report" / "report.css")
SCRIPT = REPLAY / "main.js"
LIMIT = 10_000_000
NUMBERS = 4_000_000  # bytes of metrics, at most: the pictures need room too

_T = TypeVar("_T")


def replay_file(run: Run, limit: int = LIMIT) -> bytes:
    """The file. What would make it larger than `limit` is thinned evenly, and the file says so."""
    points = run.metrics()
    document = view.document(run.info(), points, run.commands())
    report = _report(run, points)
    notes = _thin_numbers(document["numbers"], min(NUMBERS, limit // 2))
    data: ReplayData = {**document, "notes": notes, "moments": [], "originals": []}
    room = limit - len(page(data, report)) - 400  # for the notes that are still to come
    infos = by_film(run.snapshots(kind="filters"))
    data["moments"], data["originals"] = _moments(run, infos, room)
    if len(data["moments"]) < len(infos):
        notes.append(
            f"{len(data['moments'])} of the {len(infos)} pictures that the run kept are in this file, chosen evenly, "
            f"so that it stays below {limit / 1e6:g} MB."
        )
    return page(data, report)


def page(data: ReplayData, report: str) -> bytes:
    """The HTML around the data and the report. Text of users is data, or has its markup escaped."""
    style, script = "\n".join(path.read_text("utf-8") for path in STYLES), joined(SCRIPT)
    parts = {
        "title": html.escape(data["run"]["name"]),
        "policy": f"default-src 'none'; img-src data:; style-src {_hash(style)}; script-src {_hash(script)}",
        "style": style,
        "script": script,
        "data": _json(data),
        "report": report,
    }
    template = (REPLAY / "replay.html").read_text("utf-8")
    # One pass over the template: what is put in is never searched for places again.
    return re.sub(r"\{\{(\w+)\}\}", lambda place: parts[place[1]], template).encode()


def _report(run: Run, points: Sequence[MetricPoint]) -> str:
    findings = [Finding.from_snapshot(run.snapshot(item.id)) for item in run.snapshots(kind="evaluation")]
    return report_document.document(
        Material(run.info(), points, findings, run.latest_snapshot, lambda info, theme: _address(run, info, theme))
    )


def _address(run: Run, info: SnapshotInfo, theme: Theme) -> str:
    pixels = run.snapshot(info.id).pixels
    if info.kind == "filters":
        rows = -(-min(len(pixels), view.UNITS) // COLUMNS)
        return markup.address(mosaic(pixels, MosaicOptions(COLUMNS, rows, theme)))
    return markup.address(reconstructions.strip(pixels, min(CASES, pixels.shape[1]), theme))


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _json(data: Any) -> str:
    """JSON that may stand between script tags: no `<`, so nothing in it can end the element."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=asdict)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


# -- what fits ------------------------------------------------------------------------------------------------------


def evenly(items: Sequence[_T], count: int) -> list[_T]:
    """`count` of them, evenly spaced in their order, the first and the last among them; one: the last."""
    if count >= len(items):
        return list(items)
    if count <= 1:
        return list(items[-1:])
    return [items[round(place * (len(items) - 1) / (count - 1))] for place in range(count)]


def by_film(infos: Sequence[SnapshotInfo]) -> list[SnapshotInfo]:
    """Pictures one layer after the other, also of layers that learnt together: each a film of its own."""
    order = list(dict.fromkeys(info.position.stage for info in infos))
    return sorted(infos, key=lambda info: order.index(info.position.stage))


def _strips(run: Run) -> dict[Position, SnapshotInfo]:
    """Reconstructions by position; where the layers learn together one is for all of them."""
    config = run.info().config
    strips: dict[Position, SnapshotInfo] = {}
    for info in run.snapshots(kind="reconstructions"):
        where = info.position
        shared = learn_together(config, where.stage)
        for stage in in_training(config, LAYERS.name) if shared else (where.stage,):
            strips[replace(where, stage=stage)] = info
    return strips


def _thin_numbers(numbers: ReplayNumbers, room: int) -> list[str]:
    rows = numbers["rows"]
    size = len(_json(rows))
    if size <= room:
        return []
    numbers["rows"] = evenly(rows, int(len(rows) * room / size))
    kept = f"{len(numbers['rows']):,} of the {len(rows):,} moments that were measured are in this file"
    return [f"{kept}, chosen evenly; the CSV of the run has them all."]


def _moments(run: Run, infos: list[SnapshotInfo], room: int) -> tuple[list[ReplayMoment], list[str]]:
    """As many moments as fit, each a mosaic and, where one was kept, a strip; and the originals of the strips."""
    strips = _strips(run)
    made: dict[int, ReplayMoment] = {}
    originals: dict[str, int] = {}
    count = _first_guess(run, infos, strips, room)
    while True:
        chosen = evenly(infos, count) if count else []
        for info in chosen:
            if info.id not in made:
                made[info.id] = _moment(run, info, strips.get(info.position), originals)
        moments = [made[info.id] for info in chosen]
        size = len(_json(moments)) + len(_json(list(originals)))
        if size <= room or not chosen:
            return moments, list(originals)
        count = min(count - 1, int(0.995 * count * room / size))


def _first_guess(run: Run, infos: list[SnapshotInfo], strips: dict[Position, SnapshotInfo], room: int) -> int:
    """How many would fit if all were as large as the last one: learnt filters pack worse than early ones."""
    if not infos or room <= 0:
        return 0
    one = len(_json(_moment(run, infos[-1], strips.get(infos[-1].position), {})))
    return min(len(infos), max(1, room // one))


def _moment(run: Run, info: SnapshotInfo, strip: SnapshotInfo | None, originals: dict[str, int]) -> ReplayMoment:
    moment = view.filters(info, run.snapshot(info.id).pixels, run.info().config)
    if strip is not None:
        pictures = view.strip(strip, run.snapshot(strip.id).pixels)
        place = originals.setdefault(pictures["originals"], len(originals))
        moment["strip"] = {**pictures, "originals": place}
    return moment
