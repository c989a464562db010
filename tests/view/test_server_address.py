"""Where a browser finds the lab."""

import pytest

from dbn_core.view.server_address import lab_address, told_address


@pytest.mark.parametrize(
    ("address", "seen"),
    [
        ("127.0.0.1", "http://127.0.0.1:9000"),
        ("0.0.0.0", "http://127.0.0.1:9000"),
        ("::", "http://[::1]:9000"),
        ("lab.example", "http://lab.example:9000"),
    ],
)
def test_a_browser_on_this_machine_is_sent_where_it_finds_the_server(address: str, seen: str) -> None:
    assert lab_address(address, 9000) == seen


def test_whoever_starts_the_lab_is_told_where_it_is() -> None:
    assert told_address("127.0.0.1", 9000) == "Deep Belief Lab: http://127.0.0.1:9000"
    assert told_address("127.0.0.1", 9000, "https", "/of-mine") == "Deep Belief Lab: https://127.0.0.1:9000/of-mine"


def test_a_lab_for_the_network_tells_where_others_find_it() -> None:
    told = told_address("0.0.0.0", 9000, path="/of-mine")
    own, others = told.removesuffix(")").split(" (others on the network: ")
    assert own == "Deep Belief Lab: http://127.0.0.1:9000/of-mine"
    assert others.startswith("http://")
    assert others.endswith(":9000/of-mine")
    assert "0.0.0.0" not in others
