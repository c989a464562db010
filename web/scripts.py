"""The scripts of the pages' components, a folder a page: served under an address that changes whenever one does."""

import gzip
import json
from collections.abc import Sequence
from functools import cache, cached_property
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from dbn_core.places import ASSETS
from web.answers import FOR_EVER


class Scripts:
    """The scripts under `root`: those of a page in the folder of its name, those that several pages share in `shared`.

    `also`: other files whose change must change the address.
    """

    def __init__(self, root: Path, also: Sequence[Path] = ()) -> None:
        self._root, self._also = root, also

    @cached_property
    def paths(self) -> dict[str, Path]:
        """Where each lies, by `folder/name.js`. A name that is no key is no script, whatever it would lead to."""
        return {path.relative_to(self._root).as_posix(): path for path in sorted(self._root.glob("*/*.js"))}

    @cached_property
    def version(self) -> str:
        """Changes with every change of a script, so that a browser never runs yesterday's."""
        return digest(*self._also, *self.paths.values())

    def needed_by(self, page: str) -> list[str]:
        """What `main.js` of a page imports, and what that imports, and so on: who is told asks for all at once.

        From `modules.json`, which `tools/modules.js` writes.
        """
        return self._needed[page]

    @cached_property
    def _needed(self) -> dict[str, list[str]]:
        return json.loads((self._root / "modules.json").read_text("utf-8"))


def digest(*paths: Path) -> str:
    """Names what is in these files: another content, another name."""
    whole = sha256()
    for path in paths:
        whole.update(path.read_bytes())
    return whole.hexdigest()[:12]


@cache
def scripts() -> Scripts:
    """Those of the lab; plotly.js has the same version as they."""
    return Scripts(ASSETS, also=(_plotly(),))


@cache
def _plotly() -> Path:
    spec = find_spec("plotly")  # not imported: the package is large and only its script is wanted
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("plotly is not installed; run `make app` again")
    return Path(spec.origin).parent / "package_data" / "plotly.min.js"


@cache
def _packed(path: Path) -> bytes:
    """A script compressed once, and not for each of thirty students anew."""
    return gzip.compress(path.read_bytes())


def warm() -> None:
    """Read and pack the scripts before anybody asks."""
    for path in (_plotly(), *scripts().paths.values()):
        _packed(path)
    module_address("", "live")


# -- addresses; `base` is the server's path prefix, "" or "/lab-of-mine" -----------------------------------------------


def module_address(base: str, page: str) -> str:
    """Of the module that mounts the component of a page."""
    return f"{_folder(base)}/{page}/main.js"


def plotly_address(base: str) -> str:
    """Of plotly.js."""
    return f"{_folder(base)}/plotly.min.js"


def _folder(base: str) -> str:
    return f"{base}/lab/assets/{scripts().version}"


# -- endpoints ---------------------------------------------------------------------------------------------------------


def script(request: Request) -> Response:
    """A script of ours; 404 where there is none of that name."""
    path = scripts().paths.get("{folder}/{name}".format_map(request.path_params))
    if path is None:
        raise HTTPException(404)
    return _sent(request, path)


def plotly(request: Request) -> Response:
    """plotly.js from the installed package."""
    return _sent(request, _plotly())


def _sent(request: Request, path: Path) -> Response:
    headers = FOR_EVER | {"Vary": "Accept-Encoding"}
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return FileResponse(path, media_type="text/javascript", headers=headers)
    return Response(_packed(path), media_type="text/javascript", headers=headers | {"Content-Encoding": "gzip"})


def routes(base: str = "") -> list[Route]:
    """All of them."""
    folder = f"{base}/lab/assets/{{version}}"
    return [Route(f"{folder}/plotly.min.js", plotly), Route(f"{folder}/{{folder}}/{{name}}", script)]
