"""The classifier's mathematics: dropout keeps the mean, features are deterministic, max-norm bounds lengths."""

import pytest
import torch

from dbn_core.models import DBN, FineTuner
from dbn_core.models.classifier import left_out


def model(**settings: float) -> FineTuner:
    dbn = DBN([19, 13, 11], generator=torch.Generator().manual_seed(1))
    return FineTuner(dbn, 7, **settings)  # pyright: ignore[reportArgumentType]


def test_features_are_the_means_of_the_dbn_and_always_the_same() -> None:
    dbn = DBN([19, 13, 11], generator=torch.Generator().manual_seed(1))
    classifier = FineTuner(dbn, 7, 0.5)
    v = torch.rand(5, 19)
    for depth in (0, 1, 2):
        torch.testing.assert_close(classifier.features(v, depth), dbn.up(v, depth))
    assert torch.equal(classifier(v), classifier(v))


def test_the_copy_and_its_source_do_not_share_weights() -> None:
    dbn = DBN([19, 13], generator=torch.Generator().manual_seed(1))
    before = dbn.layers[0].W.clone()
    classifier = FineTuner(dbn, 7)
    with torch.no_grad():
        classifier.layers[0].W.add_(1.0)
    assert torch.equal(dbn.layers[0].W, before)


def test_dropout_leaves_the_mean_and_the_share_it_says() -> None:
    generator = torch.Generator().manual_seed(4)
    x = torch.full((1009, 97), 0.7)
    dropped = left_out(x, 0.3, generator)
    zeros = (dropped == 0).float().mean().item()
    deviation = (0.3 * 0.7 / x.numel()) ** 0.5
    assert zeros == pytest.approx(0.3, abs=4 * deviation)
    assert dropped.mean().item() == pytest.approx(0.7, abs=4 * deviation)
    assert dropped.unique().tolist() == pytest.approx([0.0, 1.0])


def test_dropout_follows_the_generator_and_nothing_else() -> None:
    classifier, v = model(dropout=0.5, input_dropout=0.2), torch.rand(5, 19)
    with torch.no_grad():
        classifier.head.W.fill_(0.3)
    drawn = [classifier(v, torch.Generator().manual_seed(seed)) for seed in (1, 1, 2)]
    assert torch.equal(drawn[0], drawn[1])
    assert not torch.equal(drawn[0], drawn[2])


def test_max_norm_shortens_only_what_is_too_long() -> None:
    classifier = model()
    with torch.no_grad():
        classifier.layers[0].W[:3].mul_(100)
    before = classifier.layers[0].W.detach().clone()
    classifier.shorten(2.0)
    after = classifier.layers[0].W.detach()
    torch.testing.assert_close(after[:3].norm(dim=1), torch.full((3,), 2.0))
    torch.testing.assert_close(after[:3] / 2, torch.nn.functional.normalize(before[:3]))
    assert torch.equal(after[3:], before[3:])


def test_only_the_head_learns_when_frozen() -> None:
    assert [name for name, _ in FineTuner(DBN([5, 3]), 2, frozen=True).trained()] == ["head.W", "head.bias"]
    assert len(list(FineTuner(DBN([5, 3]), 2).trained())) == 4


@pytest.mark.parametrize(("classes", "share", "sentence"), [(1, 0.1, "at least 2"), (3, 1.0, r"\[0, 1\)")])
def test_what_cannot_be_is_refused(classes: int, share: float, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        FineTuner(DBN([5, 3]), classes, share)
