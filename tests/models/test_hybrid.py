"""The hybrid: any number of features, each input where it belongs."""

import pytest
import torch

from dbn_core.models import HybridModel


@pytest.mark.parametrize("features", [1, 13, 783, 784, 1009])
@pytest.mark.parametrize("shape", [(5, 7), (11, 4, 3)])
def test_any_number_of_features_becomes_a_map(features: int, shape: tuple[int, ...]) -> None:
    model = HybridModel(features, shape, 3, generator=torch.Generator().manual_seed(1))
    x, v = torch.rand(2, features), torch.rand(2, torch.Size(shape).numel())
    channels = shape[2] if len(shape) == 3 else 1
    maps = model.maps(x, v)
    assert maps.shape == (2, channels + 1, shape[0], shape[1])
    assert model(x, v).shape == (2, 3)
    assert model.project is not None
    torch.testing.assert_close(maps[:, -1].flatten(1), model.project(x))


def test_channels_of_a_colour_image_come_first_and_stay_in_place() -> None:
    model = HybridModel(5, (7, 11, 3), 2)
    v = torch.rand(2, 7 * 11 * 3)
    maps = model.maps(torch.rand(2, 5), v)
    assert torch.equal(maps[1, 2, 4, 6], v.reshape(2, 7, 11, 3)[1, 4, 6, 2])


def test_each_kind_of_input_sees_what_it_says() -> None:
    x, v = torch.rand(2, 13), torch.rand(2, 35)
    blind = HybridModel(13, (5, 7), 3, "features", generator=torch.Generator().manual_seed(1))
    assert torch.equal(blind(x, None), blind(x, v))
    plain = HybridModel(13, (5, 7), 3, "images", generator=torch.Generator().manual_seed(1))
    assert torch.equal(plain(None, v), plain(x, v))
    both = HybridModel(13, (5, 7), 3, "both")
    with pytest.raises(ValueError, match="needs the features"):
        both(None, v)
    with pytest.raises(ValueError, match="needs the images"):
        both(x, None)


@pytest.mark.parametrize(
    ("features", "shape", "classes", "sentence"),
    [(5, (3, 9), 3, "at least 4 x 4"), (5, (5, 7), 1, "at least 2 classes"), (0, (5, 7), 3, "no features")],
)
def test_what_cannot_be_built_is_refused(features: int, shape: tuple[int, ...], classes: int, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        HybridModel(features, shape, classes)
