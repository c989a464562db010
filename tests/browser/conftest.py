"""A real lab (server, job cluster, workers) and a real Chromium, one each for all browser tests."""

import os
import shutil
import subprocess
import urllib.request
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from benchmarks.house import free_port, start
from dbn_core.store import RunStore
from tests.browser import still
from tests.browser.lab import Lab, Visit
from tests.waiting import PATIENCE, until

ROOT = Path(__file__).parents[2]
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)
OPEN = pytest.StashKey[list[Page]]()  # the pages that a test has opened


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With a failure comes what each page showed then: its address, its run, its words."""
    report = yield
    for page in item.stash.get(OPEN, []) if report.failed and report.when == "call" else []:
        report.sections.append(("what a page showed", _seen(page)))
    return report


def _seen(page: Page) -> str:
    if page.is_closed():
        return "closed"
    page.set_default_timeout(5_000)
    try:
        runs = page.get_by_test_id("lab-live").evaluate_all("views => views.map(view => view.dataset.run)")
        return f"{page.url}\nruns {runs}\n{page.locator('body').inner_text()}"
    except PlaywrightError as error:
        return f"{page.url}\n{error}"


@pytest.fixture(scope="session")
def chromium() -> str:
    """Chromium's path. Without one these tests are skipped, or fail where REQUIRE_BROWSER=1."""
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if path is None:
        (pytest.fail if os.environ.get("REQUIRE_BROWSER") == "1" else pytest.skip)("no Chromium is installed")
    return path


@pytest.fixture(scope="session")
def lab(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    _refuse_a_second(tmp_path_factory.getbasetemp().parent)
    folder = tmp_path_factory.mktemp("lab")
    store = RunStore(f"sqlite:///{folder / 'lab.db'}")
    port = free_port()
    with (folder / "log").open("wb") as log:
        cluster = start(["dbn_core", "cluster"], store, log)
        options = ["--server.address=127.0.0.1", f"--server.port={port}"]
        server = start(["streamlit", "run", "app.py", *options], store, log)
    try:
        _wait_for(f"http://127.0.0.1:{port}/lab/health", server)
        yield Lab(f"http://127.0.0.1:{port}", store, server.pid)
    finally:
        for process in (server, cluster):
            process.terminate()
            process.wait(PATIENCE)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    expect.set_options(timeout=PATIENCE * 1000)
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(chromium: str, playwright: Playwright) -> Iterator[Browser]:
    with playwright.chromium.launch(executable_path=chromium, args=QUIET) as running:
        yield running


@pytest.fixture(scope="session")
def profile(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """A fresh browser profile, with Playwright's options, that waits as long as these tests do."""
    opened: list[BrowserContext] = []

    def open_profile(**options: Any) -> BrowserContext:
        context = browser.new_context(**options)
        context.set_default_timeout(PATIENCE * 1000)
        opened.append(context)
        return context

    yield open_profile
    for context in opened:
        context.close()


@pytest.fixture(scope="session")
def contexts(profile: Callable[..., BrowserContext]) -> Callable[[str, int], BrowserContext]:
    """One browser profile for each theme and person: its cache spares the tests many seconds of loading scripts."""
    kept: dict[tuple[str, int], BrowserContext] = {}

    def context(theme: str, person: int) -> BrowserContext:
        if (theme, person) not in kept:
            kept[theme, person] = profile(color_scheme="dark" if theme == "dark" else "light")
        return kept[theme, person]

    return context


@pytest.fixture
def visit(
    request: pytest.FixtureRequest, lab: Lab, contexts: Callable[[str, int], BrowserContext]
) -> Iterator[Callable[..., Visit]]:
    """Opens the lab: `visit("?preset=deep-stack", width=800, person=2)`. Nobody may meet a script error."""
    pages: list[Page] = request.node.stash.setdefault(OPEN, [])
    errors: list[str] = []

    def open_page(
        address: str = "", width: int = 1400, height: int = 900, theme: str = "light", person: int = 1
    ) -> Visit:
        page = still.watch(contexts(theme, person).new_page())
        pages.append(page)
        page.set_viewport_size({"width": width, "height": height})
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("request", lambda request: _stays_here(request.url, lab, errors))
        return Visit(page).open(f"{lab.address}/{address}")

    yield open_page
    for page in pages:
        page.close()
    for info in lab.store.runs():
        if info.id not in lab.kept:
            lab.store.run(info.id).delete()
    assert not errors


def _refuse_a_second(folder: Path) -> None:
    """Two labs and two browsers at once would hold each other up: one of the processes has all tests that need them."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        (folder / "lab").mkdir()


def _stays_here(url: str, lab: Lab, errors: list[str]) -> None:
    if not url.startswith((lab.address, "data:", "blob:")):
        errors.append(f"asked the network for {url}")


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    def answers() -> bool:
        assert server.poll() is None, "the server ended"
        try:
            with urllib.request.urlopen(url, timeout=PATIENCE):
                return True
        except OSError:
            return False

    until(answers, "an answer of the server")
