"""Integers of thousands of digits, which Python refuses to read, are told in a sentence wherever they are written."""

import re
from pathlib import Path
from typing import Any

import pytest

from dbn_core import integers
from dbn_core.cli.options import configuration
from dbn_core.config import RunConfig, is_setting
from dbn_core.config.stages import depth_of
from dbn_core.errors import ConfigError, ModelError
from dbn_core.models import DBN, RBM
from web import permalink
from web.routes import ShortInteger

LONG = "9" * 5000


def test_a_number_is_read_up_to_18_digits_and_written_at_any_length() -> None:
    assert integers.whole("9" * 18) == 10**18 - 1
    assert integers.whole("9" * 19) is None
    assert integers.whole("-3") is None
    assert integers.from_json(f"[12, -{'9' * 18}, -{LONG}]") == [12, 1 - 10**18, float("-inf")]
    assert integers.shown([3]) == "[3]"
    assert integers.shown([10**5000]) == "a number of thousands of digits"


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        (f"layers={LONG}", "layers: '999.*is not allowed; give 1 to 8 whole numbers"),
        (f"layers=5,{LONG}", "layers: '5,999.*is not allowed; give 1 to 8 whole numbers"),
        (f'layer_settings=[{{"epochs":{LONG}}}]', r"layer_settings.1.epochs: inf is not allowed; give a whole number"),
        (f"layer_settings.{LONG}.epochs=3", "no such setting"),
    ],
)
def test_a_setting_on_the_command_line_is_refused(setting: str, sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        configuration(None, None, (setting,))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (f'{{"layers":[{LONG}]}}', r"layers: .*inf.* is not allowed; give 1 to 8 whole numbers"),
        (f'{{"epochs":{LONG}}}', "epochs: inf is not allowed; give a whole number from 0 to 10,000"),
        (f"[{LONG}]", "holds no settings"),
    ],
)
def test_a_file_of_settings_is_refused(tmp_path: Path, text: str, sentence: str) -> None:
    file = tmp_path / "settings.json"
    file.write_text(text)
    with pytest.raises(ConfigError, match=sentence):
        configuration(None, file, ())


@pytest.mark.parametrize("values", [{"layers": [10**5000]}, {"seed": 10**5000}, {"training.k": -(10**5000)}])
def test_a_number_from_python_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match="a number of thousands of digits is not allowed; give"):
        RunConfig().with_values(values)


def test_a_network_of_so_many_units_is_refused() -> None:
    for make in (
        lambda: RBM(10**5000, 3),
        lambda: RBM(4, -(10**5000)),
        lambda: DBN([4, 10**20]),
        lambda: DBN([4, 3]).sample(2, 10**5000),
        lambda: DBN([4, 3], 2).sample(2, 1, 10**5000),
    ):
        with pytest.raises(ModelError, match="more than 9 digits"):
            make()


def test_a_link_leaves_it_out() -> None:
    assert permalink.read({"layers": LONG}).config == permalink.read({}).config
    assert permalink.read({f"layer_settings.{LONG}.epochs": "3"}).config == permalink.read({}).config
    assert not is_setting(f"layer_settings.{LONG}.epochs")
    assert depth_of(f"layer{LONG}") == 0


def test_an_address_with_it_is_none() -> None:
    number = rf"^/{ShortInteger.regex}$"
    assert re.match(number, "/" + "9" * 18)
    assert not re.match(number, "/" + LONG)
