"""Classify in a real browser: a drawn digit and its class, the confusion matrix, a map of features."""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from dbn_core.config import RunConfig
from dbn_core.records import RunStatus
from dbn_core.store import Run
from dbn_core.worker import train_run
from tests.browser import still
from tests.browser.lab import Lab, Visit

Visitor = Callable[..., Visit]
Stroke = list[tuple[float, float]]
# Places on the board, 0 to 1 from the left and from the top.
DRAWN: dict[str, list[Stroke]] = {
    "1": [[(0.5, 0.15), (0.5, 0.85)]],
    "7": [[(0.3, 0.2), (0.7, 0.2), (0.58, 0.5), (0.45, 0.85)]],
    "0": [
        [(0.5, 0.2), (0.35, 0.3), (0.3, 0.5), (0.35, 0.7), (0.5, 0.8), (0.65, 0.7), (0.7, 0.5), (0.65, 0.3), (0.5, 0.2)]
    ],
}


@pytest.fixture(scope="module")
def classifier(lab: Lab) -> Iterator[Run]:
    """A small net with a fine-tuned head; seconds to train."""
    settings = {
        "data.train_size": 4000,
        "layers": [60],
        "epochs": 1,
        "batch_size": 50,
        "device": "cpu",
        "finetune.epochs": 8,
        "finetune.learning_rate": 0.005,
        "finetune.dropout": 0.0,
    }
    run = lab.store.create_run(RunConfig().with_values(settings), "reader", executor="foreground")
    assert train_run(lab.store.url, run.id) == RunStatus.DONE
    with lab.keeping(run):
        yield run


def draw(page: Page, strokes: list[Stroke]) -> None:
    box = still.box(page.get_by_test_id("draw-canvas"))
    for stroke in strokes:
        places = [(box.x + x * box.width, box.y + y * box.height) for x, y in stroke]
        page.mouse.move(*places[0])
        page.mouse.down()
        for _, place in pairwise(places):
            page.mouse.move(*place, steps=6)
        page.mouse.up()


def ink(page: Page) -> int:
    """How many pixels of the board are dark."""
    dark = """board => board.getContext("2d").getImageData(0, 0, 280, 280).data
      .filter((level, at) => at % 4 === 0 && level < 128).length"""
    return still.of(page.get_by_test_id("draw-canvas"), dark)


def expect_answer(page: Page, digit: str, number: str = "own") -> None:
    expect(
        page.locator(f"[data-testid=lab-classify-draw][data-answer='{digit}'][data-number='{number}']")
    ).to_be_visible()


def test_a_drawn_digit_is_recognised(lab: Lab, visit: Visitor, classifier: Run) -> None:
    page = visit(f"classify?run={classifier.id}").page
    expect(page.get_by_test_id("labc-verdict")).to_contain_text("sure")  # of a held-out image, before anybody draws
    for digit, strokes in DRAWN.items():
        draw(page, strokes)
        expect_answer(page, digit)
        page.get_by_role("button", name="Clear").click()
    expect(page.get_by_test_id("labc-opinion-fine_tuned").locator("li")).to_have_count(10)
    for what in ("activity", "back", "filters"):
        picture = page.get_by_test_id(f"labc-{what}-1")
        alt, width = still.of(picture, "image => [image.alt, image.complete && image.naturalWidth]")
        assert alt
        assert width > 0


def test_an_answer_of_the_picture_before_is_marked_as_such(lab: Lab, visit: Visitor, classifier: Run) -> None:
    page = visit(f"classify?run={classifier.id}").page
    before = page.get_by_test_id("labc-before")
    draw(page, DRAWN["1"])
    expect_answer(page, "1")
    expect(before).to_be_hidden()
    page.route("**/recognise", lambda _: None)  # no answer comes any more
    draw(page, DRAWN["7"])
    expect(before).to_be_visible()
    page.unroute("**/recognise")


def test_undo_and_the_eraser_take_back(lab: Lab, visit: Visitor, classifier: Run) -> None:
    page = visit(f"classify?run={classifier.id}").page
    draw(page, DRAWN["1"])
    line = ink(page)
    draw(page, [[(0.2, 0.5), (0.8, 0.5)]])
    assert ink(page) > line > 1000
    page.get_by_role("button", name="Undo").click()
    assert ink(page) == line
    page.get_by_role("button", name="Eraser").click()
    draw(page, [[(0.2, 0.5), (0.8, 0.5)]])
    assert 0 < ink(page) < line
    expect(page.get_by_role("button", name="Clear")).to_be_enabled()
    page.get_by_role("button", name="Clear").click()
    assert ink(page) == 0


def test_a_digit_can_be_drawn_with_the_keyboard_alone(lab: Lab, visit: Visitor, classifier: Run) -> None:
    page = visit(f"classify?run={classifier.id}").page
    expect(page.get_by_test_id("labc-verdict")).to_contain_text("sure")
    board = page.get_by_test_id("draw-canvas")
    board.focus()
    for key, times in (("ArrowUp", 9), (" ", 1), ("ArrowDown", 18)):
        for _ in range(times):
            page.keyboard.press(key)
    assert ink(page) > 1000
    page.keyboard.press(" ")
    expect_answer(page, "1")
    page.keyboard.press("ArrowRight")
    drawn = ink(page)
    page.keyboard.press("ArrowRight")
    assert ink(page) == drawn, "a pen that is lifted draws nothing"


def test_the_keyboard_has_held_out_images_and_a_bad_file_gets_a_sentence(
    lab: Lab, visit: Visitor, classifier: Run
) -> None:
    page = visit(f"classify?run={classifier.id}").page
    expect_answer_of = page.locator("[data-testid=lab-classify-draw][data-number='7']")
    expect(expect_answer_of).to_be_visible()
    button = page.get_by_role("button", name="Held-out image")
    button.focus()
    page.keyboard.press("Enter")
    expect(expect_answer_of).to_have_count(0)
    file = {"name": "notes.png", "mimeType": "image/png", "buffer": b"no picture at all"}
    page.get_by_test_id("draw-file").set_input_files(files=[file])  # pyright: ignore[reportArgumentType]
    expect(page.get_by_role("alert")).to_contain_text("is not an image that can be read")


def test_a_cell_of_the_confusion_matrix_shows_its_images(lab: Lab, visit: Visitor, classifier: Run) -> None:
    page = visit(f"classify?run={classifier.id}&view=mistakes").page
    matrix = page.get_by_test_id("labc-matrix")
    expect(matrix).to_be_visible()
    counts = [int(text or 0) for text in still.texts(matrix.locator("button"))]
    assert (len(counts), sum(counts)) == (100, 2000)
    wrong = 100 * (1 - sum(counts[::11]) / 2000)
    expect(page.get_by_test_id("labc-error")).to_contain_text(f"{wrong:.2f} %")
    cell = matrix.locator("[data-cell='3-3']")
    cell.click()
    expect(page.locator(".labc-behind img")).to_have_count(min(100, counts[33]))
    page.keyboard.press("ArrowRight")
    expect(matrix.locator("[data-cell='3-4']")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_test_id("labc-cell")).to_contain_text(re.compile(rf"^{counts[34]} images?: 3 taken for 4$"))
    page.set_viewport_size({"width": 390, "height": 900})
    overhang = "() => { const box = document.querySelector('.labc-matrix'); return box.scrollWidth - box.clientWidth }"
    assert still.read(page, overhang) <= 0, "ten classes fit a phone"


def test_pointing_at_a_mark_of_the_map_shows_its_image(lab: Lab, visit: Visitor, classifier: Run) -> None:
    page = visit(f"classify?run={classifier.id}&view=features").page
    expect(page.get_by_test_id("labc-map-foot")).to_contain_text("1,000 held-out images · 60 features of layer 1")
    page.wait_for_function("document.querySelector('[data-testid=labc-map]')?.data?.length === 10")
    place = still.of(
        page.get_by_test_id("labc-map"),
        "plot => { const {_fullLayout: l} = plot, b = plot.getBoundingClientRect(), t = plot.data[3];"
        " return [b.x + l.xaxis._offset + l.xaxis.l2p(t.x[0]), b.y + l.yaxis._offset + l.yaxis.l2p(t.y[0])] }",
    )
    page.mouse.move(place[0] - 30, place[1])
    page.mouse.move(*place, steps=4)
    expect(page.locator(".labc-tip")).to_contain_text("held-out image")


@pytest.mark.parametrize("width", [1400, 800])
def test_nothing_is_wider_than_the_window(lab: Lab, visit: Visitor, classifier: Run, width: int) -> None:
    page = visit(f"classify?run={classifier.id}", width=width).page
    expect(page.get_by_test_id("labc-back-1")).to_be_visible()
    assert still.of(page.get_by_test_id("stMain"), "node => node.scrollWidth") <= width
