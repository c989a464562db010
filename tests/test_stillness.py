"""Tests hold on a busy machine too: a page is read once it stands still, a state is waited for, no clock is asked."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
BROWSER = TESTS / "browser"

# What reads a page once, as it is at that moment, whether it stands still or not.
AT_ONCE = {
    "all",
    "all_inner_texts",
    "all_text_contents",
    "bounding_box",
    "content",
    "count",
    "element_handle",
    "element_handles",
    "eval_on_selector",
    "eval_on_selector_all",
    "evaluate",
    "evaluate_all",
    "evaluate_handle",
    "get_attribute",
    "inner_html",
    "inner_text",
    "input_value",
    "is_checked",
    "is_disabled",
    "is_enabled",
    "is_hidden",
    "is_visible",
    "query_selector",
    "query_selector_all",
    "screenshot",
    "text_content",
    "title",
    "wait_for_timeout",
}
# What reads for all others or waits by itself; and scripts without a page around them, which have no clock or one in
# the test's hands.
MAY_READ = {
    "still.py": AT_ONCE,
    "conftest.py": {"evaluate_all", "inner_text"},  # what a page shows when a test has failed
    "lab.py": {"evaluate", "wait_for_timeout"},
    "test_accessibility.py": {"evaluate"},  # axe judges the page once, after `still.wait`
    "test_feed.py": {"evaluate"},
    "test_microscope_engine.py": {"all", "evaluate"},
}
NO_PAGES = {"still", "np", "torch"}
CLOCKS = {"sleep", "monotonic", "perf_counter", "time", "process_time"}
MAY_ASK_A_CLOCK = {"waiting.py", "browser/still.py", "web/test_patience.py"}  # the last is about a slow line
# How long something is given that must not come, and how often is looked: a slow machine fails neither.
MAY_NAME_A_LIMIT = {
    "test_clusters.py": {1},
    "test_commands.py": {0.2},
    "test_database.py": {0.2},
    "test_jobs.py": {0.1, 0.01},
    "test_likelihoods.py": {0.01},
    "test_tf32.py": {0.05},
    "worker.py": {0.02},
}


def files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"))


def calls(path: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call))


@pytest.mark.parametrize("path", files(BROWSER), ids=lambda path: path.name)
def test_a_page_is_read_where_one_waits_until_it_stands_still(path: Path) -> None:
    forbidden = AT_ONCE - MAY_READ.get(path.name, set())
    seen = {
        f"line {call.lineno}: {call.func.attr}"
        for call in calls(path)
        if isinstance(call.func, ast.Attribute) and call.func.attr in forbidden and owner(call.func) not in NO_PAGES
    }
    assert not seen, "tests.browser.still reads a page once it stands still"


def owner(function: ast.Attribute) -> str:
    """`time` of `time.sleep`; "" where it is no plain name."""
    return function.value.id if isinstance(function.value, ast.Name) else ""


def test_nothing_but_a_wait_for_a_state_asks_a_clock() -> None:
    seen = [
        f"{path.relative_to(TESTS)}, line {call.lineno}: time.{call.func.attr}"
        for path in files(TESTS)
        if path.relative_to(TESTS).as_posix() not in MAY_ASK_A_CLOCK
        for call in calls(path)
        if isinstance(call.func, ast.Attribute) and call.func.attr in CLOCKS and owner(call.func) == "time"
    ]
    assert not seen, "tests.waiting.until waits for a state"


def test_all_that_is_waited_for_is_waited_for_with_one_patience() -> None:
    seen = [
        f"{path.relative_to(TESTS)}, line {limit.lineno}: {limit.value}"
        for path in files(TESTS)
        for limit in limits(path)
        if limit.value not in MAY_NAME_A_LIMIT.get(path.name, set())
    ]
    assert not seen, "tests.waiting.PATIENCE is the one limit; a shorter one fails on a busy machine"


def limits(path: Path) -> Iterator[ast.Constant]:
    """Numbers given as a `timeout`, or to a `wait` or `join` or `result` that would give up."""
    for call in calls(path):
        named = [keyword.value for keyword in call.keywords if keyword.arg in {"timeout", "default_timeout"}]
        placed = (
            call.args if isinstance(call.func, ast.Attribute) and call.func.attr in {"wait", "join", "result"} else []
        )
        for value in (*named, *placed):
            if isinstance(value, ast.Constant) and isinstance(value.value, int | float):
                yield value
