"""What stays of a long run: bounded, even, with the first ones and the latest one."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from dbn_core.store.thinning import Bound, Kept, surplus
from dbn_core.store.values import decode, encode


def kept_of(items: list[Kept], bound: Bound) -> list[Kept]:
    """What `surplus` leaves."""
    dropped = set(surplus(items, bound))
    return [item for item in items if item.id not in dropped]


def film(steps: list[int], bound: Bound) -> list[int]:
    """Steps that are left when pictures come one by one."""
    kept: list[Kept] = []
    for step in steps:
        kept = kept_of([*kept, Kept(step, step, 1)], bound)
    return [item.step for item in kept]


def test_nothing_goes_within_the_bound() -> None:
    items = [Kept(step, step, 10) for step in range(1, 21)]
    assert surplus(items, Bound(count=20, size=200, first=3)) == []


def test_of_evenly_taken_ones_about_every_second_of_the_middle_goes() -> None:
    items = [Kept(step, step, 1) for step in range(1, 402)]
    kept = [item.step for item in kept_of(items, Bound(count=400, size=10**9, first=32))]
    assert kept[:32] == list(range(1, 33))
    assert kept[-1] == 401
    assert len(kept) == 200
    assert {after - before for before, after in pairwise(kept[31:])} <= {2, 3, 4}


def test_a_film_of_ten_thousand_epochs_has_no_hole() -> None:
    first = [1, 2, 4, 8, 16, 32, 64]
    kept = film([*first, *range(100, 1_000_001, 100)], Bound(count=80, size=10**9, first=7))
    assert kept[:7] == first
    assert kept[-1] == 1_000_000
    assert 40 <= len(kept) <= 80
    # 33 of the 40 that stay have the whole way to share; no hole is wider than twice its even share.
    assert max(after - before for before, after in pairwise(kept)) <= 2 * 1_000_000 / 33


def test_a_single_one_stays_however_large_it_is() -> None:
    items = [Kept(1, 1, 900), Kept(2, 2, 900)]
    assert kept_of(items, Bound(count=9, size=500, first=1)) == items[1:]
    assert kept_of(items[1:], Bound(count=9, size=500, first=1)) == items[1:]


def test_two_stay_where_two_have_room() -> None:
    items = [Kept(number, number, 200) for number in (1, 2, 3)]
    assert [item.id for item in kept_of(items, Bound(count=9, size=500, first=1))] == [1, 3]


@given(
    st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 50)), min_size=1, max_size=60),
    st.builds(Bound, count=st.integers(1, 30), size=st.integers(1, 600), first=st.integers(1, 10)),
)
def test_the_bound_holds_and_the_latest_stays(given_items: list[tuple[int, int]], bound: Bound) -> None:
    ordered = sorted(given_items)
    items = [Kept(number, step, size) for number, (step, size) in enumerate(ordered)]
    kept = kept_of(items, bound)
    assert kept[-1] == items[-1]
    assert not bound.is_exceeded(len(kept), sum(item.size for item in kept))
    if len(kept) > 1:
        assert kept[0] == items[0]


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_every_number_survives_its_encoding(value: float) -> None:
    assert repr(decode(*encode(value))) == repr(value + 0.0)
