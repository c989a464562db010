"""Dreams: Markov chains in the top RBM, each state passed down once to be seen. A part of a dream at a time.

    v ~ p(v | h),  h ~ p(h | v)  of the top RBM, both proportional to exp(-E / T);  picture = one mean-field way down

With half of the image held the top RBM is no longer alone. Where it sees the image itself, the known pixels of v are
replaced at each step: that is a Gibbs chain of p(v, h | known pixels), exact. In a deeper network each step goes down
to the image by means, puts the known pixels back and goes up again: a heuristic, since the mean-field way up is not the
posterior of the layers below.
"""

import time

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from dbn_core.config.dreaming import DreamSettings, columns
from dbn_core.errors import ConfigError
from dbn_core.inference.generative_net import GenerativeNet, generative_net
from dbn_core.inference.loading import Trained, trained
from dbn_core.models import Units
from dbn_core.models.dbn import gibbs_step, label_probabilities, random_states, without_label
from dbn_core.questions.dreaming import ChainState, Dreamt
from dbn_core.training.data import TrainingData


@torch.no_grad()
def dream_steps(
    store_url: str,
    run_id: str,
    checkpoint_id: int,
    settings: DreamSettings,
    first: int,
    count: int,
    state: ChainState | None = None,
    drawing: bytes | None = None,
) -> Dreamt:
    """Pictures `first` to `first + count - 1` of a dream, and the state from which it goes on.

    state: None for the first part, then what the part before answered.
    Raises StoreError for a checkpoint that is gone, ConfigError for a wish that this network cannot grant.
    """
    model = trained(store_url, run_id, checkpoint_id)
    chains = Chains(model, settings, drawing)
    started = time.perf_counter()
    chains.begin(state)
    shown = [chains.picture(number) for number in range(first, first + count)]
    return {
        "pictures": np.stack([picture for picture, _ in shown]),
        "free_energy": np.stack([energy for _, energy in shown]),
        "state": chains.state(),
        "classes": chains.classes,
        "columns": chains.columns,
        "seconds": time.perf_counter() - started,
    }


class Chains:
    """The chains of one dream, on their way. Raises ConfigError for a wish that the network cannot grant."""

    def __init__(self, model: Trained, settings: DreamSettings, drawing: bytes | None = None) -> None:
        self.model, self.settings = model, settings
        self.net = generative_net(model)
        self.data = model.data
        self.columns = columns(len(self.data.label_names))
        self.count = self.columns * settings.rows
        self.generator = torch.Generator().manual_seed(settings.seed)
        _check(self.net, self.data, settings, drawing)
        _check_groups(model.dbn.layers[0].visible_units, self.data.shape, settings)
        self.classes = self._classes()
        self._held = self._labels()
        self._given = self._images(drawing)
        self._known = known_pixels(settings.keep, self.data.shape)
        self._clamped = model.data.preprocessing.mean(self._given) if self._given is not None else None

    # -- the state ----------------------------------------------------------------------------------------------------

    def begin(self, state: ChainState | None) -> None:
        """At the start, or where another part of the dream has ended."""
        if state is None:
            self._step = 0
            self._seen = self._start()
            return
        top = self.net.top
        if top.hidden_units.kind.is_binary:
            hidden = np.unpackbits(np.frombuffer(state.h, np.uint8), count=self.count * top.n_hidden)
        else:
            hidden = np.frombuffer(state.h, np.float32).copy()
        self._h = torch.from_numpy(hidden.reshape(self.count, -1)).to(top.W.dtype)
        self._step = state.step
        self.generator.set_state(torch.frombuffer(bytearray(state.generator), dtype=torch.uint8))

    def state(self) -> ChainState:
        """Plain data to go on from: hidden states (as bits, where they are), the generator, steps made."""
        h, binary = self._h.numpy(), self.net.top.hidden_units.kind.is_binary
        packed = np.packbits(h.astype(bool)).tobytes() if binary else h.astype(np.float32).tobytes()
        return ChainState(packed, self.generator.get_state().numpy().tobytes(), self._step)

    def picture(self, number: int) -> tuple[np.ndarray, np.ndarray]:
        """(images, free energies) of the number-th picture, after the steps that lead to it."""
        while self._step < self.settings.step_of(number):
            self._step += 1
            self._seen = self._advance(self.settings.temperature_at(self._step))
        image, v = self._seen
        return self.pixels(image), self.net.top.free_energy(v).numpy()

    def pixels(self, image: Tensor) -> np.ndarray:
        """Visible units as uint8 images."""
        unit = self.data.preprocessing.to_pixels(image, like=self._given)
        rounded = unit.mul(255).round_().to(torch.uint8)
        return rounded.reshape(self.count, *self.data.shape).numpy()

    # -- steps --------------------------------------------------------------------------------------------------------

    def _start(self) -> tuple[Tensor, Tensor]:
        """(what is seen, v of the top RBM) before the first step.

        From noise the hidden units are random, as in `dream_many`: chains of few steps remember their start, and what
        is watched must be what is scored. From an image they are drawn given what the top RBM sees of it.
        """
        top, temperature = self.net.top, self.settings.temperature_at(1)
        if self._clamped is None:
            self._h = random_states(top, self.count, self.generator)
            mean, v = top.visible_units.sample_tempered(top.visible_field(self._h), temperature, self.generator)
            return self.net.down(without_label(top, mean)), self._with_held_label(v)
        v = self._with_held_label(self._look_up(self._clamped))
        self._h = top.hidden_units.sample_tempered(top.hidden_field(v), temperature, self.generator)[1]
        return self._clamped, v

    def _advance(self, temperature: float) -> tuple[Tensor, Tensor]:
        """One step: (mean image, v of the top RBM)."""
        top = self.net.top
        if self._known is None or self._clamped is None:
            v_mean, v, self._h = gibbs_step(top, self._h, self._held, temperature, self.generator)
            return self.net.down(without_label(top, v_mean)), v
        mean, v = top.visible_units.sample_tempered(top.visible_field(self._h), temperature, self.generator)
        if self.net.below:
            image = torch.where(self._known, self._clamped, self.net.down(without_label(top, v)))
            label = v[:, top.n_visible - top.n_labels :]
            v = torch.cat([self._draw_features(self.net.up(image)), label], dim=1)
        else:
            image = torch.where(self._known, self._clamped, without_label(top, mean))
            pixels = torch.where(self._known, self._clamped, without_label(top, v))
            v = torch.cat([pixels, v[:, pixels.shape[1] :]], dim=1)
        v = self._with_held_label(v)
        self._h = top.hidden_units.sample_tempered(top.hidden_field(v), temperature, self.generator)[1]
        return image, v

    def _look_up(self, image: Tensor) -> Tensor:
        """What the top RBM sees of an image: sampled features, and a label drawn from its exact probabilities."""
        top, features = self.net.top, self.net.up(image)
        if not top.n_labels:
            return self._draw_features(features)
        mean = torch.cat([features, label_probabilities(top, features)], dim=1)
        return top.visible_units.sample(mean, self.generator)

    def _draw_features(self, features: Tensor) -> Tensor:
        """Binary features of a layer below; the image itself, which is data, stays as it is."""
        return self.model.dbn.layers[0].hidden_units.sample(features, self.generator) if self.net.below else features

    def _with_held_label(self, v: Tensor) -> Tensor:
        if self._held is not None:
            v[:, -self.net.n_labels :] = self._held
        return v

    # -- what the settings ask for ------------------------------------------------------------------------------------

    def _classes(self) -> list[int]:
        """By column."""
        label, names = self.settings.label, len(self.data.label_names)
        if isinstance(label, int):
            return [label] * self.columns
        in_order = names == self.columns and (label == "each" or self.settings.start == "images")
        return list(range(self.columns)) if in_order else [-1] * self.columns

    def _labels(self) -> Tensor | None:
        """(chains, labels) one-hot, where labels are held."""
        if self.settings.label == "free":
            return None
        each = torch.tensor(self.classes).repeat(self.settings.rows)
        return F.one_hot(each, self.net.n_labels).to(self.net.top.W.dtype)

    def _images(self, drawing: bytes | None) -> Tensor | None:
        """(chains, pixels) uint8 that the chains start from; None for noise."""
        if self.settings.start == "noise":
            return None
        if self.settings.start == "drawing":
            assert drawing is not None
            return torch.frombuffer(bytearray(drawing), dtype=torch.uint8).repeat(self.count, 1)
        taken: dict[int, int] = {}
        return self.data.heldout[[self._case(chain % self.columns, taken) for chain in range(self.count)]]

    def _case(self, column: int, taken: dict[int, int]) -> int:
        """The next held-out image of a column's class; `taken` counts how many of a class other chains have."""
        wanted = self.classes[column]
        cases = of_class(self.data, wanted)
        sharing = self.settings.rows * self.classes.count(wanted)  # chains that start from this class
        place = self.settings.number * sharing + taken.setdefault(wanted, 0)
        taken[wanted] += 1
        return int(cases[place % len(cases)])


def known_pixels(keep: str, shape: tuple[int, ...]) -> Tensor | None:
    """(pixels,) True where the image is held; None for `none`."""
    if keep == "none":
        return None
    height, width = shape[:2]
    mask = torch.zeros(shape, dtype=torch.bool)
    halves: dict[str, tuple[slice, slice]] = {
        "left": (slice(None), slice(0, width // 2)),
        "right": (slice(None), slice(width // 2, None)),
        "top": (slice(0, height // 2), slice(None)),
        "bottom": (slice(height // 2, None), slice(None)),
    }
    mask[halves[keep]] = True
    return mask.flatten()


def of_class(data: TrainingData, label: int) -> Tensor:
    """Which held-out images are of a class; all of them for -1. Raises ConfigError where there are none."""
    if label < 0:
        return torch.arange(len(data.heldout))
    if label >= data.classes:
        raise ConfigError({"class": f"there is no class {label}; choose one from 0 to {data.classes - 1}"})
    cases = (data.heldout_labels == label).nonzero()[:, 0]
    if not len(cases):
        raise ConfigError({"class": f"there is no held-out image of class {data.label_names[label]}; choose another"})
    return cases


def _check(net: GenerativeNet, data: TrainingData, settings: DreamSettings, drawing: bytes | None) -> None:
    """Raises ConfigError with all that cannot be done."""
    problems: dict[str, str] = {}
    label, names = settings.label, data.label_names
    if label != "free" and not net.n_labels:
        problems["label"] = (
            "this network has no label units at this epoch, so no class can be held; let the label be free, or train "
            "a run with label units (labels.joint) to its top layer"
        )
    elif isinstance(label, int) and not 0 <= label < len(names):
        problems["label"] = f"there is no class {label}; choose one from 0 to {len(names) - 1}"
    elif label == "each" and len(names) != columns(len(names)):
        problems["label"] = f"{len(names)} classes are too many for a column each; choose one class"
    if settings.start == "drawing":
        if drawing is None or len(drawing) != data.pixels:
            problems["start"] = "there is no drawing yet; draw or upload one, or start from held-out images"
        elif not any(drawing):
            problems["start"] = "the drawing is all black; draw something in white first"
    if problems:
        raise ConfigError(problems)


def _check_groups(units: Units, shape: tuple[int, ...], settings: DreamSettings) -> None:
    """Raises ConfigError for an image that units which come in groups cannot take."""
    known = known_pixels(settings.keep, shape)
    if known is not None and units.divides(known):
        raise ConfigError(
            {"keep": f"half of the image cuts through groups of {units.kind.name} units; keep another half, or none"}
        )
    if settings.start == "drawing" and units.kind.is_grouped:
        raise ConfigError(
            {"start": f"a drawing is no state of {units.kind.name} units; start from noise or from held-out images"}
        )
