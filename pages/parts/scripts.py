"""The scripts of a page's components: served under an address that changes whenever one of them does."""

from collections.abc import Sequence
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from pages.parts.answers import FOR_EVER


class Scripts:
    """All scripts of some folders, the page's own first, then those that it shares; a name means the first found.

    `also`: other files whose change must change the address.
    """

    def __init__(self, *folders: Path, also: Sequence[Path] = ()) -> None:
        self._folders, self._also = folders, also

    @cached_property
    def version(self) -> str:
        """Changes with every change of a script."""
        scripts = [path for folder in self._folders for path in sorted(folder.glob("*.js"))]
        digest = sha256()
        for path in (*self._also, *scripts):
            digest.update(path.read_bytes())
        return digest.hexdigest()[:12]

    def serve(self, request: Request) -> Response:
        """The script that the path names; 404 where there is none."""
        name = request.path_params["name"]
        found = (folder / name for folder in self._folders if (folder / name) in set(folder.glob("*.js")))
        path = next(found, None)
        if path is None:
            raise HTTPException(404)
        return FileResponse(path, media_type="text/javascript", headers=FOR_EVER)
