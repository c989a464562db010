"""The benchmark of a CUDA device: its rounds train, its table follows from them, and without a device it says so."""

import pytest
import torch
from click.testing import CliRunner

from benchmarks import gpu

PIXELS = torch.randint(0, 256, (330, 784), dtype=torch.uint8, generator=torch.Generator().manual_seed(1))


def never() -> float:
    raise AssertionError("the table is made of what was measured")


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has a CUDA device")
def test_without_a_device_it_says_so_in_one_sentence() -> None:
    result = CliRunner().invoke(gpu.main, ["--no-workflow"])
    assert result.exit_code == 2
    assert result.output == "No CUDA device is present, so there is nothing to measure here.\n"


def test_every_row_can_be_measured_on_whatever_device_holds_the_images() -> None:
    table = gpu.rows(PIXELS)
    table[2] = gpu.Row(table[2].name, "float32", gpu.loop(PIXELS, "float32", epochs=1))
    gpu.measure([*table[:3], table[-1]], rounds=1)
    assert all(row.seconds[0] > 0 for row in [*table[:3], table[-1]])
    assert [row.precision for row in table[:-1:3]] == gpu.precisions(PIXELS.device)


def test_rates_ratios_and_goals_follow_from_the_seconds_each_precision_beside_its_own_limit() -> None:
    measured = [(gpu.LIMIT, "float32", [0.02, 0.01, 0.03]), (gpu.LIMIT, "tf32", [0.01]), ("lab", "float32", [0.08])]
    measured += [("lab", "tf32", [0.05]), (gpu.ARTICLE, "float32", [0.4])]
    table = [gpu.Row(name, precision, never, seconds) for name, precision, seconds in measured]
    text = gpu.as_text(table, images=30_000)
    assert "| lab | float32 | 0.160 s | 375,000 | 5.0 | 25 % |" in text
    assert "| lab | tf32 | 0.100 s | 600,000 | 8.0 | 20 % |" in text
    assert gpu.flops(table[0], 30_000) == pytest.approx(30_000 * 5 * 2 * 784 * 500 / 0.02)
    assert gpu.verdict("it", 0.08, 0.1) == "it: 0.08 s; the goal is 0.1 s: reached."
    assert gpu.verdict("it", 61.2, 60) == "it: 61.2 s; the goal is 60 s: NOT reached."
