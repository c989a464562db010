"""The scripts of a page's components: served under an address that changes whenever one of them does."""

import re
from collections.abc import Sequence
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from pages.parts.answers import FOR_EVER

IMPORTED = re.compile(r'^(?:import\b.*|\}) from "\./(\w+\.js)"$', re.MULTILINE)


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

    def needed_by(self, name: str) -> list[str]:
        """What a script imports, and what that imports, and so on: a browser that knows it asks for all at once."""
        found: list[str] = []
        waiting = [name]
        while waiting:
            path = self.find(waiting.pop())
            text = path.read_text("utf-8") if path else ""
            new = [each for each in IMPORTED.findall(text) if each not in found]
            found += new
            waiting += new
        return found

    def serve(self, request: Request) -> Response:
        """The script that the path names; 404 where there is none."""
        path = self.find(request.path_params["name"])
        if path is None:
            raise HTTPException(404)
        return FileResponse(path, media_type="text/javascript", headers=FOR_EVER)

    def find(self, name: str) -> Path | None:
        """Where a script lies; None where there is none of that name."""
        found = (folder / name for folder in self._folders if (folder / name) in set(folder.glob("*.js")))
        return next(found, None)
