"""A replay in a real browser, opened from its file with the network cut."""

import csv
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from dbn_core.archive import export
from dbn_core.commands import Pause, SetHyperparameter
from dbn_core.config import RunConfig
from dbn_core.records import MetricPoint, Position, Progress, RunStatus, Snapshot, SnapshotInfo
from dbn_core.store import Run, RunStore
from tests.browser import still

HOSTILE = "</script><img src=x onerror=alert(1)>"
EPOCHS = 6
UNITS, HEIGHT, WIDTH = 7, 5, 3


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Two layers of six epochs each; unit 2 of layer 1 has a weight that grows from epoch to epoch."""
    store = RunStore(f"sqlite:///{tmp_path / 'replay.db'}")
    run = store.create_run(RunConfig().with_values({"layers": [7, 7], "epochs": EPOCHS}), HOSTILE)
    run.annotate(f"a note {HOSTILE}")
    writer = store.claim(run.id, "test")
    random = np.random.default_rng(2)
    for step in range(2 * EPOCHS):
        where = Position(step, float(step), "layer1" if step < EPOCHS else "layer2")
        filters = np.full((UNITS, HEIGHT, WIDTH), 128, np.uint8)
        filters[2, 0, 0] = 128 + 10 * (step + 1)
        pairs = np.stack(
            [np.full((4, HEIGHT, WIDTH), 90, np.uint8), random.integers(0, 256, (4, HEIGHT, WIDTH), np.uint8)]
        )
        values = {
            "recon_mse": 0.1 / (step + 3),
            "sparsity": random.random(),
            "dead_units": 0.0,
            "weight_step": 1e-7 / 3,
        }
        writer.write(
            metrics=[MetricPoint(name, float(value), where) for name, value in values.items()],
            snapshots=[
                Snapshot(SnapshotInfo("filters", where, filters.shape, 0.5, "weights"), filters),
                Snapshot(SnapshotInfo("reconstructions", where, pairs.shape), pairs),
            ],
        )
    for command, epoch in ((SetHyperparameter("training.learning_rate", 0.02), 3), (Pause(), 8)):
        where = Position(epoch, float(epoch), "layer1" if epoch < EPOCHS else "layer2")
        writer.acknowledge(run.send(command), where)
    writer.write(
        metrics=[MetricPoint("recon_mse", float("nan"), Position(12, 12.0, "layer2"))],
        progress=Progress(Position(12, 12.0, "layer2"), 12, 2, 2, device="cpu"),
    )
    writer.set_status(RunStatus.DIVERGED, "Lower the rate.")
    return run


@pytest.fixture
def page(profile: Callable[..., BrowserContext], run: Run, tmp_path: Path) -> Iterator[Page]:
    """The replay, double-clicked on a machine without a network."""
    file = tmp_path / "replay.html"
    export(run, file)
    context = profile(offline=True, viewport={"width": 1400, "height": 900})
    opened = still.watch(context.new_page())
    troubles: list[str] = []
    opened.on("pageerror", lambda error: troubles.append(str(error)))
    opened.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    opened.on("dialog", lambda dialog: troubles.append(dialog.message))
    opened.on("request", lambda request: troubles.append(request.url[:80]) if not _is_inside(request.url) else None)
    opened.goto(file.as_uri())
    expect(opened.get_by_test_id("mosaic")).to_have_attribute("data-step", "11")
    yield opened
    context.close()
    assert not troubles


def _is_inside(url: str) -> bool:
    return url.startswith(("data:", "blob:")) or (url.startswith("file:") and url.endswith("/replay.html"))


def scrub(page: Page, place: int) -> None:
    page.get_by_test_id("scrubber").fill(str(place))
    expect(page.get_by_test_id("mosaic")).to_have_attribute("data-step", str(place))


def colour(page: Page, x: int, y: int) -> list[int]:
    """Of one pixel of the mosaic as it is drawn."""
    return still.colour(page.get_by_test_id("mosaic"), x, y)


def test_the_numbers_are_those_of_the_csv_in_the_table_and_in_the_file_that_it_saves(
    page: Page, run: Run, tmp_path: Path
) -> None:
    export(run, tmp_path / "run.csv")
    with (tmp_path / "run.csv").open(newline="") as text:
        theirs = list(csv.DictReader(text))
    with page.expect_download() as saved:
        page.get_by_test_id("csv").click()
    with saved.value.path().open(newline="") as text:
        mine = list(csv.DictReader(text))
    assert len(mine) == len(theirs) == 4 * 12 + 1
    for one, other in zip(mine, theirs, strict=True):
        assert (one["step"], one["stage"], one["name"]) == (other["step"], other["stage"], other["name"])
        assert float(one["epoch"]) == float(other["epoch"])
        assert repr(float(one["value"])) == repr(float(other["value"]))
    page.get_by_text("Every number").click()
    cells = still.texts(page.get_by_test_id("numbers").locator("tbody tr"))
    assert len(cells) == 13
    names = ["recon_mse", "sparsity", "dead_units", "weight_step"]
    for step, line in enumerate(cells[:12]):
        expected = [float(row["value"]) for row in theirs if row["step"] == str(step) and row["name"] in names]
        shown = [float(cell.replace("−", "-")) for cell in line.split("\t")[3:]]
        np.testing.assert_allclose(shown, expected, rtol=1e-5)
    assert "nan" in cells[12]


def test_the_scrubber_moves_mosaic_numbers_and_mark_together_by_keys_buttons_and_dragging(page: Page) -> None:
    scrub(page, 0)
    expect(page.get_by_test_id("where")).to_have_text("layer 1 · epoch 0.00 · update 0")
    expect(page.get_by_test_id("values-error")).to_contain_text("0.0333")
    early = colour(page, 8, 0)
    page.get_by_test_id("scrubber").press("ArrowRight")
    expect(page.get_by_test_id("mosaic")).to_have_attribute("data-step", "1")
    page.get_by_role("button", name="Last", exact=True).click()
    expect(page.get_by_test_id("mosaic")).to_have_attribute("data-step", "11")
    assert colour(page, 8, 0) != early
    box = still.box(page.get_by_test_id("chart-error"))
    page.mouse.move(box.x + box.width * 0.3, box.y + 60)
    page.mouse.down()
    page.mouse.move(box.x + 58, box.y + 60, steps=4)
    page.mouse.up()
    expect(page.get_by_test_id("mosaic")).to_have_attribute("data-step", "0")
    assert colour(page, 8, 0) == early


def test_it_plays_by_itself_to_the_end_and_stops(page: Page) -> None:
    page.get_by_label("Speed").select_option("20")
    page.locator("body").press("Space")
    expect(page.get_by_test_id("play")).to_contain_text("Pause")
    expect(page.get_by_test_id("mosaic")).to_have_attribute("data-step", "11")
    expect(page.get_by_test_id("play")).to_contain_text("Play")


def test_a_name_is_text(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(HOSTILE)
    assert still.count(page.locator("img")) > 0  # the report's own, which carry their bytes with them
    assert still.count(page.locator('img:not([src^="data:image/"])')) == 0
    expect(page).to_have_title(f"{HOSTILE} · replay and report")
    expect(page.get_by_text(f"a note {HOSTILE}")).to_be_visible()


def test_events_lead_to_their_moment_and_settings_are_listed(page: Page) -> None:
    events = page.get_by_test_id("events")
    expect(events.locator("tbody tr")).to_have_count(2)
    expect(events.locator("tbody tr").first).to_contain_text("learning rate = 0.02")
    events.get_by_role("button").first.click()
    expect(page.get_by_test_id("mosaic")).to_have_attribute("data-step", "3")
    expect(page.get_by_test_id("settings")).to_contain_text("Learning rate")
    expect(page.get_by_text("Lower the rate.")).to_be_visible()


def test_a_click_on_a_filter_follows_that_unit_through_its_layer(page: Page) -> None:
    box = still.box(page.get_by_test_id("mosaic"))
    page.mouse.click(box.x + box.width * 0.9, box.y + box.height * 0.1)
    unit = page.get_by_test_id("unit")
    expect(unit).to_contain_text("Unit 2 of layer 2, epoch 11.00")
    expect(unit.locator(".films button")).to_have_count(EPOCHS)
    unit.locator(".films button").first.click()
    expect(page.get_by_test_id("mosaic")).to_have_attribute("data-step", "6")


def test_contrast_and_theme_change_the_colours_and_nothing_else(page: Page) -> None:
    scrub(page, 2)
    light = colour(page, 8, 0)
    page.get_by_role("button", name="filter", exact=True).click()
    page.wait_for_function(
        "([x, y, old]) => String([...document.querySelector('.mosaic').getContext('2d').getImageData(x, y, 1, 1).data])"
        " !== String(old)",
        arg=[8, 0, light],
    )
    strongest = colour(page, 8, 0)
    page.get_by_role("button", name="Switch between light and dark").click()
    page.wait_for_function("document.documentElement.dataset.theme === 'dark'")
    assert still.read(page, "() => getComputedStyle(document.body).backgroundColor") == "rgb(17, 22, 27)"
    page.wait_for_function(
        "([x, y, old]) => String([...document.querySelector('.mosaic').getContext('2d').getImageData(x, y, 1, 1).data])"
        " !== String(old)",
        arg=[8, 0, strongest],
    )
    expect(page.get_by_test_id("mosaic")).to_have_attribute("data-step", "2")


def test_the_mosaic_on_screen_can_be_saved_as_a_picture(page: Page) -> None:
    from PIL import Image

    scrub(page, 4)
    shown = colour(page, 8, 0)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save this picture as PNG").click()
    assert saved.value.suggested_filename == "filters-layer1-epoch-4.00.png"
    with Image.open(saved.value.path()) as picture:
        assert picture.size == (4 * (3 * 4 - 1), 4 * (3 * 6 - 1))
        assert list(picture.convert("RGBA").getpixel((4 * 8 + 2, 2)) or ()) == shown  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("width", [1400, 800, 390])
def test_nothing_is_wider_than_the_window(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.wait_for_function("width => document.documentElement.clientWidth <= width", arg=width)
    assert still.read(page, "() => document.documentElement.scrollWidth") <= width


def test_every_control_and_picture_has_a_name(page: Page) -> None:
    nameless = still.read(
        page,
        """() => [...document.querySelectorAll("button, select, input, [role=img]")]
          .filter(node => !(node.getAttribute("aria-label") || node.textContent.trim() || node.labels?.length))
          .map(node => node.outerHTML)""",
    )
    assert nameless == []
    expect(page.get_by_test_id("chart-error")).to_have_attribute(
        "aria-label", re.compile(r"layer 1, train: from .* to ")
    )
    expect(page.get_by_test_id("scrubber")).to_have_attribute("aria-valuetext", "layer 2, epoch 11.00, update 11")
