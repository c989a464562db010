"""What is no network, and no dream, is refused in a sentence."""

from collections.abc import Callable

import pytest

from dbn_core.errors import ModelError
from dbn_core.models import DBN, RBM
from dbn_core.models.sizes import whole


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: RBM(10, 0), "at least 1 visible and 1 hidden unit, not 10 and 0"),
        (lambda: whole(2.5, "n_visible"), "n_visible must be a whole number, not 2.5"),
        (lambda: RBM(4, 2, "gauss"), "'gauss' is no kind of visible units; give one of bernoulli"),
        (lambda: DBN([4]), "at least one hidden layer"),
        (lambda: DBN([4, 0, 3]), "not 4 and 0"),
        (lambda: DBN([4, 3], -1), "n_labels is -1"),
        (lambda: DBN.of([]), "at least one RBM"),
        (lambda: DBN([4, 3]).sample(2, 0), "at least one Gibbs step, not 0"),
        (lambda: DBN([4, 3]).sample(0, 2), "no 0 images"),
    ],
)
def test_it_is_refused(make: Callable[[], object], sentence: str) -> None:
    with pytest.raises(ModelError, match=sentence):
        make()
