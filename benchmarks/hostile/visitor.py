"""`Visitor`: looks at a run in every way the lab has, by routes, questions and exports, politely or not.

Nothing it does may end in anything but an answer below 500 without a path of this machine, or a sentence.
"""

import io
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from random import Random
from typing import Any
from unittest.mock import patch
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from dbn_core.archive import write
from dbn_core.errors import JobError, LabError
from dbn_core.jobs.tasks import resolve
from dbn_core.places import LAB
from dbn_core.store import Run
from web.answers import PROBLEMS
from web.lab import Cluster
from web.routes import all_routes

ADDRESS = "http://testserver"
FORMS = (".zip", ".csv", ".html", ".gif", ".png")
GOOD: dict[str, tuple[str, ...]] = {
    "columns": ("10",),
    "rows": ("10",),
    "scale": ("1",),
    "gain": ("100", "50"),
    "cases": ("4",),
    "unit": ("0", "12"),
    "theme": ("light", "dark"),
    "scheme": ("signed", "grey"),
    "contrast": ("shared", "each"),
    "order": ("training", "activity", "norm", "usefulness"),
    "stage": ("layer1",),
    "card": ("hidden", "selectivity", "histograms", "singular", "covariance"),
    "file": ("replay.html", "numbers.csv"),
    "name": ("bars", "board.js"),
    "folder": ("shared",),
    "number": ("0",),
    "chain": ("0",),
}
HOSTILE = (
    *("-1", "0", "1", "9" * 18, "9" * 19, "9" * 5000, "1e9", "nan", "NaN", "inf", "１２", "²", "0x1", " ", "%00", "%"),
    *("..", "../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%2e%2e", "a" * 5000, "<b>", "'; --", "💥", "\u202e", "%ff"),
    *("layer0", "layer99", "layers", "vae", "__class__", "x.json", "con", "-", "--", "1-2-3", "1x1"),
)
VALUES = (
    *(None, True, -1, 0, 1.5, 2**31, 2**63, 10**400, float("nan"), "", "x" * 5000, "\u0000", "1", [], {}),
    [1, 2, 3],
)
LONG = ("log_likelihood", "sample_quality", "prepare_judge", "bound_both", "compare_with_vae")  # minutes


class CrashError(Exception):
    """Something that is no sentence came of it: what, and of what."""


class Visitor:
    """A browser beside a store (`DBN_STORE`); questions are answered in this process."""

    def __init__(self, random: Random) -> None:
        routes = all_routes()
        self._client = TestClient(Starlette(routes=routes, exception_handlers=PROBLEMS), base_url=ADDRESS)
        self._routes = [route for route in routes if isinstance(route, Route)]
        self._random = random

    def look(self, run: Run, most: int | None = None) -> None:
        """At everything that the pages fetch of it and ask of it, and take it away in every form.

        `most`: at so many of these, chosen by chance.
        """
        looks = [*self._looks(run), *self._questions(run)]
        for method, address, body in looks if most is None else self._random.sample(looks, min(most, len(looks))):
            self._fetch(method, address, body)
        for suffix in FORMS if most is None else self._random.choices(FORMS):
            _export(run, suffix)

    def bother(self, run: Run, times: int) -> None:
        """Addresses that no page has, and questions that none asks."""
        for _ in range(times):
            route = self._random.choice(self._routes)
            method = self._random.choice(sorted(route.methods or {"GET"}))
            address = self._hostile(route.path, run)
            question = self._random.choice([body for _, _, body in self._questions(run)])
            body = None if method == "GET" else self._twisted(question or {})
            self._fetch(method, address, body)

    # -- one request --------------------------------------------------------------------------------------------------

    def _fetch(self, method: str, address: str, body: Any) -> None:
        headers = {"Origin": ADDRESS, "Content-Type": "application/json"}
        what = f"{method} {address[:200]} {'' if body is None else json.dumps(body)[:300]}"
        content = None if body is None else json.dumps(body).encode()
        with crashing(what):
            answer = self._client.request(method, address, content=content, headers=headers)
        if answer.status_code >= 500:
            raise CrashError(f"{what}: {answer.status_code} {answer.text[:300]}")
        if answer.is_error and (str(LAB) in answer.text or len(answer.text) > 2000 or "Traceback" in answer.text):
            raise CrashError(f"{what} tells too much: {answer.status_code} {answer.text[:300]}")

    # -- what pages ask -----------------------------------------------------------------------------------------------

    def _looks(self, run: Run) -> Iterator[tuple[str, str, None]]:
        infos = run.snapshots()
        for route in self._routes:
            if "GET" in (route.methods or ()) and "{run}" in route.path:
                kinds = {"diagnostics"} if "{frame" in route.path and "{snapshot" not in route.path else None
                for info in infos if re.search(r"\{(snapshot|frame|snapshots)\b", route.path) else infos[:1] or [None]:
                    number = str(info.id) if info else "1"
                    if info is None or kinds is None or info.kind in kinds:
                        yield "GET", self._good(route.path, run, number), None
        frames = ",".join(str(info.id) for info in infos if info.kind == "diagnostics")
        for card in GOOD["card"]:
            yield "GET", f"/lab/runs/{run.id}/diagnose/{card}.csv?frames={frames}", None

    def _questions(self, run: Run) -> list[tuple[str, str, Any]]:
        checkpoints = run.checkpoints()
        checkpoint = checkpoints[-1].id if checkpoints else 1
        here, at = f"/lab/runs/{run.id}", {"checkpoint": checkpoint}
        dream = {"have": 0, "wanted": 2, "settings": {}}
        questions: list[tuple[str, Any]] = [
            ("classify/recognise", {"theme": "dark", "heldout": 3}),
            ("classify/map", {"theme": "light", "layer": 1, "cases": 100, "method": "pca"}),
            ("features/ask/projection", {**at, "layer": 1, "projection": "linear_combination"}),
            ("features/ask/life", {**at, "layer": 1, "unit": 7, "theme": "light"}),
            ("diagnose/likelihood/cost", {**at, "chains": 3, "temperatures": 5}),
            ("generate/dream", {**at, **dream}),
            ("generate/interpolation", {**at, "theme": "light", "first": [1, 0], "second": [7, 0]}),
        ]
        return [("POST", f"{here}/{path}", body) for path, body in questions]

    def _good(self, path: str, run: Run, number: str) -> str:
        numbers = dict.fromkeys(("snapshot", "snapshots", "frame", "key", "version"), number)
        chosen = {name: self._random.choice(values) for name, values in GOOD.items()}
        values = {**chosen, **numbers, "run": run.id}
        return re.sub(r"\{(\w+)(?::\w+)?\}", lambda place: values[place[1]], path)

    def _hostile(self, path: str, run: Run) -> str:
        infos = run.snapshots()
        good = self._good(path, run, str(self._random.choice(infos).id) if infos else "1")
        if self._random.random() < 0.3:
            return f"{good}?{self._query()}"

        def value(place: re.Match[str]) -> str:
            names = GOOD.get(place[1], (run.id if place[1] == "run" else "1",))
            text = self._random.choice(names if self._random.random() < 0.6 else HOSTILE)
            return text if "%" in text else quote(text, safe="/.")

        return re.sub(r"\{(\w+)(?::\w+)?\}", value, path)

    def _query(self) -> str:
        names = ("after", "revision", "metric", "command", "ghost", "frame", "frames", "names")
        return "&".join(f"{name}={quote(self._random.choice(HOSTILE))}" for name in self._random.sample(names, 3))

    def _twisted(self, body: dict[str, Any]) -> Any:
        if self._random.random() < 0.1:
            return self._random.choice(VALUES)
        twisted = dict(body)
        key = self._random.choice([*body, "x"])
        if isinstance(twisted.get(key), dict) and self._random.random() < 0.7:
            settings = (
                "start",
                "steps",
                "every",
                "rows",
                "columns",
                "temperature",
                "temperature_end",
                "label",
                "y" * 5000,
            )
            twisted[key] = {self._random.choice(settings): self._random.choice(VALUES)}
        else:
            twisted[key] = self._random.choice(VALUES)
        return twisted


def _export(run: Run, suffix: str) -> None:
    with crashing(f"export {suffix}"), suppress(LabError):
        write(run, suffix, io.BytesIO())


@contextmanager
def crashing(what: str) -> Iterator[None]:
    """Whatever is no sentence becomes a CrashError; a sentence stays one."""
    try:
        yield
    except LabError:
        raise
    except Exception as error:
        raise CrashError(f"{what}: {type(error).__name__}: {str(error)[:300]}") from error


@contextmanager
def answered_here() -> Iterator[None]:
    """Questions are answered in this process, so that a defect comes as it is; those that take minutes are refused."""

    def ask(_: Cluster, name: str, *arguments: Any, **how: Any) -> Any:  # noqa: ARG001
        if name.partition(":")[2] in LONG:
            raise JobError("Nobody waits so long here.")
        return resolve(name)(*arguments)

    with patch.object(Cluster, "ask", ask):
        yield
