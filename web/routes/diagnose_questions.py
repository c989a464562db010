"""What the Diagnose page asks workers: how well features tell classes apart, and the log-likelihood.

What starts work is a POST from a page of this server. The likelihood that a run was evaluated with is told, too.
"""

import math
from typing import Annotated, NotRequired, TypedDict

from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dbn_core.findings import Finding
from dbn_core.metric_table import metric_of
from dbn_core.questions import LikelihoodCost, LogLikelihood, Probe
from dbn_core.questions.features import ProbedFeatures
from dbn_core.questions.likelihood import Likelihood
from dbn_core.records import EVALUATION
from dbn_core.store import Run
from web.answers import MOST, NEVER, Body, Checkpoint, asked, run_of
from web.asking.desk import Asked, State, desk
from web.asking.ways import LONGEST_LIKELIHOOD

EXACT, ESTIMATED = "log_likelihood_exact", ("log_likelihood_ais", "log_likelihood_rais")
ENDS = ("_low", "_high")  # of the 3 sigma interval of an estimate
NAMES = (EXACT, *ESTIMATED, *(f"{name}{end}" for name in ESTIMATED for end in ENDS))

# -- the probe ---------------------------------------------------------------------------------------------------------


class ProbeAnswer(TypedDict):
    """Errors in % of simple classifiers on each layer's features, and at which epoch, in which stage."""

    rows: list[ProbedFeatures]
    fitted: int
    judged: int
    neighbours: int
    epoch: float
    stage: str


class ProbeBody(Body):
    """Which checkpoint is probed."""

    checkpoint: Checkpoint


async def ask_probe(request: Request) -> Response:
    """How well simple classifiers read the class off each layer's features."""
    body = await asked(request, ProbeBody)
    probe = await desk().answer(Probe(run_of(request).id, body.checkpoint))
    told: ProbeAnswer = {
        "rows": probe["rows"],
        "fitted": probe["fitted"],
        "judged": probe["judged"],
        "neighbours": probe["neighbours"],
        "epoch": round(probe["position"].epoch, 4),
        "stage": probe["position"].stage,
    }
    return JSONResponse(told, headers=NEVER)


# -- the log-likelihood -----------------------------------------------------------------------------------------------


class LikelihoodBody(Body):
    """An estimate: of which checkpoint, by how many chains and temperatures."""

    checkpoint: Checkpoint
    chains: Annotated[int, Field(ge=2, le=10_000)]
    temperatures: Annotated[int, Field(ge=2, le=1_000_000)]


class StartBody(LikelihoodBody):
    """`expected`: seconds that it was said to take."""

    expected: Annotated[int, Field(ge=0, le=MOST)]


class CostAnswer(TypedDict):
    """Seconds that an estimate would take. `too_long`: it would be given up before it is done."""

    seconds: float
    exact: bool
    images: int
    too_long: bool


class Estimate(TypedDict):
    """A log-likelihood that somebody has asked for, and how far it is; what was found once it is done.

    checkpoint: 0 for the one that the run was evaluated with. metrics: nats per image; an end of an interval that is
    infinite is None.
    """

    checkpoint: int
    chains: int
    temperatures: int
    state: State
    expected: float
    elapsed: float
    problem: str
    metrics: NotRequired[dict[str, float | None]]
    images: NotRequired[int]
    binarisation: NotRequired[str]
    kind: NotRequired[str]
    unit: NotRequired[str]
    warning: NotRequired[str]
    seconds: NotRequired[float]
    epoch: NotRequired[float]
    stage: NotRequired[str]


def likelihoods(request: Request) -> Response:
    """The log-likelihoods of the run that somebody has asked for, and how far they are. Starts nothing."""
    return JSONResponse(_estimates(run_of(request)), headers=NEVER)


async def ask_cost(request: Request) -> Response:
    """What a log-likelihood would cost, tried on a worker in a fraction of a second."""
    body = await asked(request, LikelihoodBody)
    question = LikelihoodCost(run_of(request).id, body.checkpoint, body.chains, body.temperatures)
    cost = await desk().answer(question)
    told: CostAnswer = {
        "seconds": cost["seconds"],
        "exact": cost["exact"],
        "images": cost["images"],
        "too_long": cost["seconds"] > LONGEST_LIKELIHOOD,
    }
    return JSONResponse(told, headers=NEVER)


async def ask_likelihood(request: Request) -> Response:
    """Have a log-likelihood computed; answers at once with all of the run, this one among them."""
    body, run = await asked(request, StartBody), run_of(request)
    desk().ask(_wanted(run.id, body), expected=body.expected)
    return JSONResponse(_estimates(run), headers=NEVER)


async def stop_likelihood(request: Request) -> Response:
    """Have one given up; answers with what is left of the run."""
    body, run = await asked(request, LikelihoodBody), run_of(request)
    desk().stop(_wanted(run.id, body))
    return JSONResponse(_estimates(run), headers=NEVER)


def _wanted(run_id: str, body: LikelihoodBody) -> LogLikelihood:
    return LogLikelihood(run_id, body.checkpoint, body.chains, body.temperatures)


def _estimates(run: Run) -> list[Estimate]:
    wanted = [_estimate(*each) for each in desk().every(LogLikelihood) if each[0].run_id == run.id]
    return [*_evaluated(run), *wanted]


def _evaluated(run: Run) -> list[Estimate]:
    """The newest that was found when the run was evaluated; none where nothing was."""
    snapshots = [run.snapshot(info.id) for info in run.snapshots(kind="evaluation")]
    findings = [(snapshot.info.position, Finding.from_snapshot(snapshot)) for snapshot in snapshots]
    estimates = [(position, finding.facts) for position, finding in findings if finding.part == "likelihood"]
    figures: dict[str, float | None] = {
        point.name: point.value for point in run.metrics(names=NAMES) if point.position.stage == EVALUATION
    }
    if not estimates or not figures:
        return []
    position, facts = estimates[-1]
    open_ends = {f"{name}{end}": None for name in ESTIMATED if name in figures for end in ENDS}
    numbers = {name: value for name, value in facts.items() if isinstance(value, int | float)}
    return [
        {
            "checkpoint": 0,
            "chains": int(numbers.get("chains", 0)),
            "temperatures": int(numbers.get("temperatures", 0)),
            "state": "done",
            "expected": 0,
            "elapsed": 0,
            "problem": "",
            "metrics": open_ends | figures,
            "images": int(numbers.get("images", 0)),
            "binarisation": str(facts.get("binarisation", "")),
            "kind": str(facts.get("kind", "log-likelihood")),
            "unit": metric_of(EXACT).unit,
            "warning": str(facts.get("warning", "")),
            "seconds": numbers.get("seconds", 0),
            "epoch": round(position.epoch, 4),
            "stage": position.stage,
        }
    ]


def _estimate(question: LogLikelihood, asked: Asked[Likelihood]) -> Estimate:
    told: Estimate = {
        "checkpoint": question.checkpoint_id,
        "chains": question.chains,
        "temperatures": question.temperatures,
        "state": asked.state,
        "expected": round(asked.expected, 2),
        "elapsed": round(asked.elapsed, 1),
        "problem": asked.problem,
    }
    if told["state"] != "done":
        return told
    likelihood = asked.answer()
    return {
        **told,
        "metrics": {name: value if math.isfinite(value) else None for name, value in likelihood["metrics"].items()},
        "images": likelihood["images"],
        "binarisation": likelihood["binarisation"],
        "kind": likelihood["kind"],
        "unit": likelihood["unit"],
        "warning": likelihood["warning"],
        "seconds": likelihood["seconds"],
        "epoch": round(likelihood["position"].epoch, 4),
        "stage": likelihood["position"].stage,
    }


def question_routes(here: str) -> list[Route]:
    """All of them, below the address `here` of a run."""
    return [
        Route(f"{here}/probe", ask_probe, methods=["POST"]),
        Route(f"{here}/likelihood", likelihoods, methods=["GET"]),
        Route(f"{here}/likelihood", ask_likelihood, methods=["POST"]),
        Route(f"{here}/likelihood/stop", stop_likelihood, methods=["POST"]),
        Route(f"{here}/likelihood/cost", ask_cost, methods=["POST"]),
    ]
