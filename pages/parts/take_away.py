"""A run to take away: what there is to download, and the route that makes it. Nothing is made before it is wanted."""

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from dbn_core.archive import write
from dbn_core.records import RunInfo
from pages.parts import lab
from pages.parts.answers import NEVER, run_of
from pages.parts.component import base
from pages.parts.errors import plain

STYLES = Path(__file__).parents[2] / "assets" / "take_away.css"


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


# -- on the page ------------------------------------------------------------------------------------------------------


@st.dialog("Take away", width="medium")
def take_away(info: RunInfo) -> None:
    """Links to every form of a run."""
    st.caption(plain(info.name))
    pictured = lab.store().run(info.id).latest_snapshot("filters") is not None
    st.html(STYLES)
    st.html("".join(_link(info.id, form, pictured or not form.pictured) for form in FORMS))
    st.caption(
        "The file is made when you click; a replay takes a few seconds. The command line makes the same files: "
        f"`python -m dbn_core export {info.id} --to replay.html`"
    )


def _link(run_id: str, form: Form, is_there: bool) -> str:
    """All text is ours; the id is hexadecimal."""
    words = form.words if is_there else "There is no picture of its filters yet."
    inside = f'<span class="take-name">{form.title}<small>{form.suffix}</small></span><span>{words}</span>'
    if not is_there:
        return f'<div class="take-away take-missing">{inside}</div>'
    return f'<a class="take-away" href="{_address(base(), run_id, form)}" download>{inside}</a>'


def _address(base: str, run_id: str, form: Form) -> str:
    return f"{base}/lab/runs/{run_id}/take-away/{form.title.lower()}{form.suffix}"


# -- from the server --------------------------------------------------------------------------------------------------


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
            write(run, form.suffix, out)
        except BaseException:
            made.unlink()
            raise
    forget = BackgroundTask(made.unlink, missing_ok=True)
    return FileResponse(made, media_type=form.media_type, filename=name, headers=NEVER, background=forget)


def file_name(run_name: str) -> str:
    """A run's name as every file system takes it: letters, digits, spaces and a few signs."""
    return re.sub(r"[^\w .()#,+-]+", "-", run_name).strip(" .-") or "run"


def take_away_routes(base: str = "") -> list[Route]:
    """The downloads. `base` is the server's path prefix."""
    return [Route(f"{base}/lab/runs/{{run}}/take-away/{{file}}", download)]
