"""What routes have in common: reading a request's parts, and the headers of an answer."""

from typing import Annotated, Any, Literal, NamedTuple, TypeVar, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response

from dbn_core.errors import LabError, NotKeptError, RunNotFoundError, StoreError
from dbn_core.integers import whole
from dbn_core.store import Run
from web import lab
from web.guard import is_own

FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
NEVER = {"Cache-Control": "no-store"}
MOST = 2**31 - 1  # any whole number in a question


def run_of(request: Request) -> Run:
    """The run named in the path. Raises RunNotFoundError."""
    return lab.store().run(request.path_params["run"])


def number_in_query(request: HTTPConnection, name: str) -> int:
    """A whole number from the query, 0 when it is not there; 400 for anything else."""
    text = request.query_params.get(name, "0")
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise HTTPException(400, f"{name} must be a whole number.")
    return int(text)


def one_of(text: str, choices: Any) -> Any:
    """`text`, if it is a value of this Literal; else 404."""
    if text not in get_args(choices):
        raise HTTPException(404)
    return text


def png(content: bytes) -> Response:
    """A picture that never changes under its address."""
    return Response(content, media_type="image/png", headers=FOR_EVER)


def is_from_here(connection: HTTPConnection) -> bool:
    """Whether a page of this very server sent it; a browser says so in a header that no page can set."""
    return "origin" in connection.headers and is_own(connection.scope)


class Body(BaseModel):
    """What the body of a request that starts work says: a subclass a question. Nothing is converted: "3" is no number.

    What a field's `description` says is told to whoever sends something else.
    """

    model_config = ConfigDict(strict=True, frozen=True)


class Most(NamedTuple):
    """How long a body may be, and what is said of one that is longer."""

    bytes: int
    sentence: str


QUESTION = Most(100_000, "A question may have at most 100,000 bytes.")
BodyT = TypeVar("BodyT", bound=Body)
Checkpoint = Annotated[int, Field(ge=1, le=MOST)]


async def asked(request: Request, kind: type[BodyT], most: Most = QUESTION) -> BodyT:
    """The body of a request that starts work: JSON, sent by a page of this very server, not too long to be read.

    Links and forms of other sites cannot make one: they can neither set this content type nor this origin.
    """
    if not is_from_here(request):
        raise HTTPException(403, "Only pages of this lab may ask for work.")
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise HTTPException(415, "Ask with JSON.")
    length = request.headers.get("content-length", "")
    told = whole(length)
    if told is None or told > most.bytes:
        raise HTTPException(413, most.sentence)
    try:
        return kind.model_validate_json(await request.body())
    except ValidationError as error:
        raise HTTPException(400, " ".join(_sentence(kind, item) for item in error.errors())) from error


def _sentence(kind: type[Body], item: ErrorDetails) -> str:
    if not item["loc"]:
        return "This is no JSON." if item["type"] == "json_invalid" else "Ask with a JSON object."
    name = str(item["loc"][0])
    return f"{name} must be {_allowed(kind.model_fields[name])}."


def _allowed(field: FieldInfo) -> str:
    if field.description:
        return field.description
    choices = get_args(field.annotation)
    if get_origin(field.annotation) is Literal:
        return f"one of: {', '.join(map(str, choices))}"
    bounds = {
        name: value
        for rule in field.metadata
        for name in ("ge", "le")
        if (value := getattr(rule, name, None)) is not None
    }
    if bounds:
        return f"a whole number from {bounds['ge']} to {bounds['le']}"
    return "text"


def _problem(status: int) -> Any:
    def answer(request: Request, error: Exception) -> Response:  # noqa: ARG001
        return JSONResponse({"problem": str(error)}, status_code=status, headers=NEVER)

    return answer


# What `st.App` answers when an endpoint raises: the sentence of the error, never a traceback.
PROBLEMS = {
    RunNotFoundError: _problem(404),
    NotKeptError: _problem(404),
    StoreError: _problem(503),
    LabError: _problem(400),
}
