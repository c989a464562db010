"""A run to take away: its forms, and the route that makes a file. Nothing is made before it is wanted."""

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from dbn_core.archive import write
from web.answers import NEVER, run_of


@dataclass(frozen=True, slots=True)
class Form:
    """One form in which a run can be taken away; `pictured`: it needs pictures of filters."""

    suffix: str
    title: str
    words: str
    media_type: str
    pictured: bool = False


FORMS = (
    Form(
        ".html",
        "Replay",
        "One page that plays the run in any browser, without a network: filters, curves and events under a scrubber.",
        "text/html",
    ),
    Form(".gif", "Film", "The evolution of the filters, for a slide or a message.", "image/gif", pictured=True),
    Form(".png", "Filters", "The newest filters as a picture.", "image/png", pictured=True),
    Form(".csv", "Numbers", "Every number that was measured, with all its digits.", "text/csv"),
    Form(
        ".zip", "Archive", "Everything, with its checkpoints: another lab can import it and go on.", "application/zip"
    ),
)


def address(base: str, run_id: str, form: Form) -> str:
    """Where a run is found in a form; `base` is the server's path prefix."""
    return f"{base}/lab/runs/{run_id}/take-away/{form.title.lower()}{form.suffix}"


def download(request: Request) -> Response:
    """A run in one form, written to a file first: archives may be larger than memory, and an error is told in time."""
    wanted = request.path_params["file"]
    form = next((form for form in FORMS if wanted == form.title.lower() + form.suffix), None)
    if form is None:
        raise HTTPException(404)
    run = run_of(request)
    name = file_name(run.info().name) + form.suffix
    with tempfile.NamedTemporaryFile(prefix="take-away-", suffix=form.suffix, delete=False) as out:
        made = Path(out.name)
    try:
        with made.open("wb") as out:
            write(run, form.suffix, out)
    except BaseException:
        made.unlink()  # closed by now: Windows deletes no open file
        raise
    forget = BackgroundTask(made.unlink, missing_ok=True)
    return FileResponse(made, media_type=form.media_type, filename=name, headers=NEVER, background=forget)


def file_name(run_name: str) -> str:
    """A run's name as every file system takes it: letters, digits, spaces and a few signs."""
    return re.sub(r"[^\w .()#,+-]+", "-", run_name).strip(" .-") or "run"


def routes(base: str = "") -> list[Route]:
    """The downloads. `base` is the server's path prefix."""
    return [Route(f"{base}/lab/runs/{{run}}/take-away/{{file}}", download)]
