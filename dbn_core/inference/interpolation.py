"""From one held-out image to another, through the network and plainly."""

import torch

from dbn_core.inference.dreams import of_class
from dbn_core.inference.generative_net import generative_net
from dbn_core.inference.loading import trained
from dbn_core.models.dbn import label_probabilities, without_label
from dbn_core.questions.dreaming import End, Interpolated
from dbn_core.training.data import TrainingData


@torch.no_grad()
def interpolate(
    store_url: str, run_id: str, checkpoint_id: int, ends: tuple[End, End], count: int = 11
) -> Interpolated:
    """From one held-out image to another in equal steps: between their top features, and between their pixels.

    Top features are the means of the top RBM's hidden units, mixed linearly and passed down by means. Equal steps in
    features need not be equal steps to the eye.
    Raises ConfigError for a class that is not there.
    """
    model = trained(store_url, run_id, checkpoint_id)
    net = generative_net(model)
    data = model.data
    rows = data.heldout[[_case(data, label, number) for label, number in ends]]
    v = data.preprocessing.mean(rows)
    features = net.up(v)
    seen = torch.cat([features, label_probabilities(net.top, features)], dim=1) if net.n_labels else features
    h = net.top.hidden_mean(seen)
    share = torch.linspace(0, 1, count)[:, None]
    mixed = net.down(without_label(net.top, net.top.visible_mean(torch.lerp(h[0], h[1], share))))
    through = data.preprocessing.to_pixels(mixed, like=rows[:1].repeat(count, 1))
    plain = torch.lerp(rows[0].float(), rows[1].float(), share) / 255
    strips = torch.stack([through, plain])
    return {
        "pictures": strips.mul(255).round().to(torch.uint8).reshape(2, count, *data.shape).numpy(),
        "distance": strips.diff(dim=1).abs().mean(2).numpy(),
    }


def _case(data: TrainingData, label: int, number: int) -> int:
    """The number-th held-out image of a class, counted round; where there are no classes, of all."""
    cases = of_class(data, label if data.classes else -1)
    return int(cases[number % len(cases)])
