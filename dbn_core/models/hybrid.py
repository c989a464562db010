"""A small convolutional network on the features of a DBN, on the images, or on both.

Features have no place in the image, so a learned linear map gives them one: any number of features becomes one map of
the image's size, which stands beside the image's own channels.

    maps -> 3x3 conv 16, relu, 2x2 max -> 3x3 conv 32, relu, 2x2 max -> linear over the classes
"""

from typing import Literal

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from dbn_core.models.linear import start_layer

CHANNELS = (16, 32)
SMALLEST_IMAGE = 4  # height and width that two rounds of pooling need

Inputs = Literal["features", "images", "both"]


class HybridModel(nn.Module):
    """shape: (height, width) or (height, width, channels), at least 4 x 4; n_features: of the DBN's top layer.

    `inputs` says what the network sees; with `images` the number of features does not matter. Weights start uniform
    within sqrt(6 / fan in), drawn from `generator`; biases at 0. Raises ValueError for what cannot be built.
    """

    def __init__(
        self,
        n_features: int,
        shape: tuple[int, ...],
        n_classes: int,
        inputs: Inputs = "both",
        *,
        generator: torch.Generator | None = None,
        device: torch.device | str = "cpu",
    ) -> None:
        super().__init__()
        height, width = shape[:2]
        if min(height, width) < SMALLEST_IMAGE:
            raise ValueError(f"two rounds of pooling need images of at least 4 x 4 pixels, not {height} x {width}")
        if n_classes < 2:
            raise ValueError(f"a classifier needs at least 2 classes, not {n_classes}")
        if inputs != "images" and n_features < 1:
            raise ValueError("there are no features to project: give inputs = images")
        self.shape, self.inputs, self.n_features, self.n_classes = shape, inputs, n_features, n_classes
        channels = shape[2] if len(shape) == 3 else 1
        seen = (channels if inputs != "features" else 0) + (1 if inputs != "images" else 0)
        first, second = CHANNELS
        with torch.device("meta"):  # torch's own start would draw from its global generator
            self.project = nn.Linear(n_features, height * width) if inputs != "images" else None
            self.first = nn.Conv2d(seen, first, 3, padding=1)
            self.second = nn.Conv2d(first, second, 3, padding=1)
            self.head = nn.Linear(second * (height // 2 // 2) * (width // 2 // 2), n_classes)
        self.to_empty(device=device)
        for layer in (self.project, self.first, self.second, self.head):
            if layer is not None:
                start_layer(layer, 6.0, generator)

    def maps(
        self, features: Float[Tensor, "batch features"] | None, v: Float[Tensor, "batch visible"] | None
    ) -> Float[Tensor, "batch channels height width"]:
        """What the network sees: the image's channels, then the features' map. What `inputs` leaves out may be None.

        Raises ValueError for a missing part.
        """
        height, width = self.shape[:2]
        maps: list[Tensor] = []
        if self.inputs != "features":
            if v is None:
                raise ValueError(f"inputs = {self.inputs} needs the images")
            channels = v.shape[1] // (height * width)
            maps.append(v.reshape(-1, height, width, channels).permute(0, 3, 1, 2))
        if self.project is not None:
            if features is None:
                raise ValueError(f"inputs = {self.inputs} needs the features")
            maps.append(self.project(features).reshape(-1, 1, height, width))
        return torch.cat(maps, dim=1)

    def forward(
        self, features: Float[Tensor, "batch features"] | None, v: Float[Tensor, "batch visible"] | None
    ) -> Float[Tensor, "batch classes"]:
        """Logits; see `maps` for the two inputs."""
        x = F.max_pool2d(F.relu(self.first(self.maps(features, v))), 2)
        x = F.max_pool2d(F.relu(self.second(x)), 2)
        return self.head(x.flatten(1))

    def classify(
        self, features: Float[Tensor, "batch features"] | None, v: Float[Tensor, "batch visible"] | None
    ) -> Float[Tensor, "batch classes"]:
        """p(y | features, image)."""
        return torch.softmax(self(features, v), dim=1)
