"""The benchmark of rounded products: each training is of its precision, and a row says how far apart they are."""

import pytest
import torch

from benchmarks import rounding
from dbn_core.config import RunConfig
from dbn_core.models.mixed import has_bfloat16_products

CPU = torch.device("cpu")


def figures(precision: str, **settings: object) -> dict[str, float]:
    config = rounding.configuration("digits", 7, precision, seed=0, epochs=1)
    return rounding.log_likelihoods(config.with_values({"data.train_size": 500} | settings), CPU, temperatures=20)


def test_played_tf32_learns_something_else_than_float32_and_as_good() -> None:
    float32, tf32 = figures("float32")["exact"], figures("tf32")["exact"]
    assert float32 != tf32
    assert tf32 == pytest.approx(float32, abs=5)
    assert tf32 > -784 * 0.6931, "better than chance"


def test_a_large_rbm_is_bracketed_from_both_sides() -> None:
    estimates = figures("float32", layers=[23])
    assert list(estimates) == ["AIS", "reverse AIS"]


def test_every_precision_is_compared_and_bfloat16_where_the_device_has_it() -> None:
    assert rounding.precisions(CPU) == ["float32", "tf32", *(["mixed"] if has_bfloat16_products(CPU) else [])]
    assert isinstance(rounding.configuration("mnist", 500, "mixed", 2, 3), RunConfig)


def test_a_row_says_how_far_the_mean_is_from_float32_and_how_sure_that_is() -> None:
    exact = [{"AIS": -90.0, "reverse AIS": -92.0}, {"AIS": -91.0, "reverse AIS": -92.5}]
    tf32 = [{"AIS": -90.5, "reverse AIS": -92.0}, {"AIS": -90.25, "reverse AIS": -92.5}]
    row = rounding.line("tf32", 500, tf32, exact)
    assert row == "| 784-500 | tf32 | -90.50 / -92.00, -90.25 / -92.50 | +0.06 ± 0.38 |"
    assert rounding.line("tf32", 500, tf32[:1], exact[:1]).endswith("| -90.50 / -92.00 | -0.25 |")
