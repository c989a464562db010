"""Whether the lab is well: what a supervisor or another program may ask."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dbn_core.errors import StoreError
from web import lab
from web.answers import NEVER


def health(request: Request) -> Response:  # noqa: ARG001
    """200 while the store answers; says what is wrong otherwise."""
    try:
        count = len(lab.store().runs())
    except StoreError as error:
        return JSONResponse({"store": str(error)}, status_code=503, headers=NEVER)
    return JSONResponse({"store": "ok", "runs": count, "jobs": lab.cluster().problem or "ok"}, headers=NEVER)


def routes(base: str = "") -> list[Route]:
    """The one question. `base` is the server's path prefix."""
    return [Route(f"{base}/lab/health", health)]
