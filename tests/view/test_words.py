"""Numbers as people read them."""

import pytest

from dbn_core.view.words import size


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 kB"),
        (499, "0 kB"),
        (12_400, "12 kB"),
        (999_499, "999 kB"),
        (999_500, "1 MB"),
        (3_440_000, "3.4 MB"),
        (9_960_000, "10 MB"),
        (297 * 10**6, "297 MB"),
        (10**10, "10 GB"),
        (1234 * 10**12, "1,234 TB"),
        (-4096, "−4 kB"),
    ],
)
def test_sizes_have_two_or_three_digits_and_a_unit(count: int, words: str) -> None:
    assert size(count).replace("\u00a0", " ") == words
