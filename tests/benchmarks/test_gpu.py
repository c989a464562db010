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
    table[2] = gpu.Row(table[2].name, gpu.loop(PIXELS, epochs=1))
    gpu.measure(table, rounds=1)
    assert all(row.seconds[0] > 0 for row in table)


def test_rates_ratios_and_goals_follow_from_the_seconds() -> None:
    measured = {"products": [0.02, 0.01, 0.03], "lab": [0.08], "article": [0.4]}
    table = [gpu.Row(name, never, seconds) for name, seconds in measured.items()]
    assert "| lab | 0.160 s | 375,000 | 5.0 | 25 % |" in gpu.as_text(table, images=30_000)
    assert gpu.flops(table[0], 30_000) == pytest.approx(30_000 * 5 * 2 * 784 * 500 / 0.02)
    assert gpu.verdict("it", 0.08, 0.1) == "it: 0.08 s; the goal is 0.1 s: reached."
    assert gpu.verdict("it", 61.2, 60) == "it: 61.2 s; the goal is 60 s: NOT reached."


def test_the_likelihood_of_a_trained_rbm_is_above_that_of_chance() -> None:
    bars = PIXELS[:200].clone()
    bars[:, ::2] = 255
    bars[:, 1::2] = 0
    assert gpu.log_likelihood(bars, bars[:50], "highest", seed=0, epochs=3) > -784 * 0.6931
