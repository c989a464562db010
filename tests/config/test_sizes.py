"""Numbers of units as a person types them."""

import pytest

from dbn_core.config import RunConfig, hyperparameter
from dbn_core.errors import ConfigError


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        ("500-500-2000", [500, 500, 2000]),
        (" 500, 300 ", [500, 300]),
        ("[7, 5]", [7, 5]),
        ("(3,)", [3]),
        ("11", [11]),
    ],
)
def test_sizes_may_be_set_apart_by_hyphens_or_commas(text: str, sizes: list[int]) -> None:
    assert hyperparameter("layers").parse(text) == sizes


@pytest.mark.parametrize("text", ["-5", "500--300", "500-", "500,,300", "", "many", "5.5", "0"])
def test_what_is_no_size_is_refused_and_never_read_as_another_one(text: str) -> None:
    with pytest.raises(ConfigError, match="layers"):
        RunConfig().with_values({"layers": hyperparameter("layers").parse(text)})
