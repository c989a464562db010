"""What is wrong with settings, as it is told."""

import pytest

from dbn_core.config import RunConfig
from dbn_core.errors import ConfigError


def test_of_a_name_without_end_and_of_many_wrong_settings_the_beginning_is_told() -> None:
    with pytest.raises(ConfigError) as caught:
        RunConfig.from_dict({"x" * 5000: 1} | {f"unknown{number}": 1 for number in range(40)})
    first, *others = str(caught.value).splitlines()
    assert first.startswith("x" * 397 + "...: no such setting")
    assert len(others) == 20
    assert others[-1] == "and 21 more"
    assert len(caught.value.problems) == 41, "a form still has them all"
