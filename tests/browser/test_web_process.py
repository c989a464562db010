"""What the process that serves the pages has loaded once it has served all of them: torch stays with the workers."""

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser import still
from tests.browser.lab import ENDLESS, Lab, Visit

PAGES = re.findall(r'st\.Page\("(\w+)\.py"', (Path(__file__).parents[2] / "pages" / "shell.py").read_text("utf-8"))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells which libraries a process has loaded")
def test_the_server_has_served_every_page_and_a_live_run_without_torch(lab: Lab, visit: Callable[..., Visit]) -> None:
    guest = visit(ENDLESS)
    run = guest.start()
    assert len(PAGES) > 8
    for page in PAGES:
        guest.open(f"{lab.address}/{'' if page == 'train' else page}?run={run}")
        still.wait(guest.page)  # and everything that the page asks for has been served
    loaded = Path(f"/proc/{lab.server}/maps").read_text("utf-8")
    assert "sqlite" in loaded
    assert "libtorch" not in loaded
