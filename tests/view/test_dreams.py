"""Dreams as pictures and films, and what can be asked of a network."""

import io

import numpy as np
import pytest
from PIL import Image, ImageSequence

from dbn_core.config import RunConfig
from dbn_core.records import Position
from dbn_core.view import palette
from dbn_core.view.dreams import ability, chain_film, film, sheet

CHAINS = np.random.default_rng(0).integers(0, 256, (6, 5, 7), np.uint8)


def test_chains_stand_in_rows_with_the_page_between_them() -> None:
    image = Image.open(io.BytesIO(sheet(CHAINS, 3, "light")))
    assert image.size == (3 * 9 - 2, 2 * 7 - 2)
    pixels = np.asarray(image)
    assert np.array_equal(pixels[:5, :7], np.maximum(CHAINS[0], 1))
    assert np.array_equal(pixels[7:12, 18:25], np.maximum(CHAINS[5], 1))
    assert (pixels[5:7] == palette.TRANSPARENT).all()


def test_colours_stay_as_they_are() -> None:
    chains = np.random.default_rng(1).integers(0, 256, (2, 5, 7, 3), np.uint8)
    pixels = np.asarray(Image.open(io.BytesIO(sheet(chains, 2, "dark"))).convert("RGB"))
    assert np.array_equal(pixels[:, :7], chains[0])
    assert np.array_equal(pixels[:, 9:], chains[1])


@pytest.mark.parametrize("colour", [False, True])
def test_a_film_has_a_frame_for_each_picture(colour: bool) -> None:
    shape = (2, 5, 7, 3) if colour else (2, 5, 7)
    pictures = [np.random.default_rng(seed).integers(0, 256, shape, np.uint8) for seed in range(3)]
    image = Image.open(io.BytesIO(film(pictures, 2, "light")))
    frames = [np.asarray(frame.convert("RGB")).astype(int) for frame in ImageSequence.Iterator(image)]
    assert len(frames) == 3
    assert frames[0].shape == (10, 32, 3)
    assert np.abs(frames[0] - frames[1]).max() > 50
    # The gap shows the page.
    assert np.abs(frames[0][:, 14:18] - 255).max() < 12


def test_a_film_of_one_chain_shows_that_chain_alone_and_large() -> None:
    pictures = [np.full((3, 5, 7), 0, np.uint8), np.full((3, 5, 7), 0, np.uint8)]
    pictures[1][2] = 255  # only the last chain changes
    still, moving = (chain_film(pictures, chain, "light") for chain in (0, 2))
    frames = [np.asarray(frame.convert("L")) for frame in ImageSequence.Iterator(Image.open(io.BytesIO(moving)))]
    assert frames[0].shape == (5 * 8, 7 * 8)
    assert frames[0].min() > 200
    assert frames[1].max() < 60
    assert np.unique(np.asarray(Image.open(io.BytesIO(still)).convert("L"))).size == 1
    with pytest.raises(IndexError, match="3 chains"):
        chain_film(pictures, 3, "light")


@pytest.mark.parametrize(
    ("settings", "stage", "dreams", "labels", "words"),
    [
        ({"labels.joint": True}, "layer3", True, True, ""),
        ({"labels.joint": True}, "updown", True, True, ""),
        ({}, "layer3", True, False, ""),
        ({"labels.joint": True}, "layer2", True, False, "Layers 1 to 2 dream, with layer 2 as the top"),
        ({}, "layer1", True, False, "Layer 1 dreams"),
        ({"epochs": 0, "vae.epochs": 1}, "vae", False, False, "no layer as a generative model"),
    ],
)
def test_what_a_network_can_dream_depends_on_what_is_trained(
    settings: dict[str, object], stage: str, dreams: bool, labels: bool, words: str
) -> None:
    config = RunConfig().with_values({"layers": [11, 7, 5], **settings})
    able = ability(config, Position(3, 1.0, stage))
    assert (able.dreams, able.labels) == (dreams, labels)
    assert words in able.words
    assert bool(words) == bool(able.words)
