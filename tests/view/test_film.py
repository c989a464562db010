"""The film of the filters: a GIF whose every frame says where training stood."""

import io

import numpy as np
import pytest
from PIL import Image
from PIL.GifImagePlugin import GifImageFile

from dbn_core.view import palette
from dbn_core.view.film import HEAD, MARGIN, PACE, REST, Still, film


def frames(*strengths: int) -> list[Still]:
    """One filter of 5 x 3 a frame: left column at the strength, the rest zero."""
    stills = []
    for place, strength in enumerate(strengths):
        filters = np.full((1, 5, 3), 128, np.uint8)
        filters[0, :, 0] = strength
        stills.append(Still(filters, (f"epoch {place}.00", "weights to ±0.1"), place / max(1, len(strengths) - 1)))
    return stills


def opened(content: bytes) -> GifImageFile:
    image = Image.open(io.BytesIO(content))
    assert isinstance(image, GifImageFile)
    return image


def pixel(image: Image.Image, place: int, at: tuple[int, int]) -> tuple[int, ...]:
    image.seek(place)
    colour = image.convert("RGB").getpixel(at)
    assert isinstance(colour, tuple)
    return colour


def test_the_strongest_weights_have_the_ends_of_the_palette_and_zero_its_middle() -> None:
    image = opened(film(frames(255, 1), 1, 1))
    left, middle = (MARGIN, HEAD), (MARGIN + 2, HEAD)
    stops = palette.stops("signed", "light")
    assert pixel(image, 0, left) == palette.rgb(stops[-1])
    assert pixel(image, 1, left) == palette.rgb(stops[0])
    assert pixel(image, 0, middle) == pixel(image, 1, middle) == palette.rgb(stops[len(stops) // 2])


def test_every_frame_is_kept_in_order_and_the_last_one_rests() -> None:
    image = opened(film(frames(255, 1, 200), 1, 1))
    durations = []
    for place in range(image.n_frames):
        image.seek(place)
        durations.append(image.info["duration"])
    assert durations == [PACE, PACE, REST]
    assert image.info["loop"] == 0


def test_all_frames_share_one_palette() -> None:
    content = film(frames(255, 1, 200, 90), 1, 1)
    assert content[10] & 0x80, "a global table of colours"
    assert not any(flags & 0x80 for flags in image_flags(content)), "and no table of its own for any frame"


def image_flags(content: bytes) -> list[int]:
    """The flags byte of each image in a GIF, found by walking over its blocks."""
    at = 13 + 3 * 2 ** ((content[10] & 7) + 1)
    flags: list[int] = []
    while content[at] != 0x3B:
        if content[at] == 0x2C:
            flags.append(content[at + 9])
            at += 11
        else:
            at += 2
        while content[at]:
            at += content[at] + 1
        at += 1
    return flags


def test_the_words_of_each_frame_differ_and_the_line_grows() -> None:
    image = opened(film(frames(255, 255, 255), 1, 1))
    heads = []
    for place in range(3):
        image.seek(place)
        heads.append(np.asarray(image.convert("RGB"))[:HEAD])
    assert not (heads[0] == heads[1]).all()
    ink = [int((head == palette.rgb(palette.INK["light"])).all(-1)[-6].sum()) for head in heads]
    assert ink[0] < ink[1] < ink[2]


def test_a_film_of_one_picture_is_a_picture_and_of_none_is_a_mistake() -> None:
    assert opened(film(frames(200), 1, 1)).n_frames == 1
    with pytest.raises(ValueError, match="needs a still"):
        film([], 1, 1)


def test_filters_of_colour_images_are_filmed_in_colour_with_zero_in_middle_grey() -> None:
    filters = np.full((1, 5, 3, 3), 128, np.uint8)
    filters[0, :, 0] = (255, 1, 128)
    image = opened(film([Still(filters, ("epoch 0.00", "weights to ±0.1"), 0.5)], 1, 1))
    assert pixel(image, 0, (MARGIN, HEAD)) == (255, 0, 128)
    assert pixel(image, 0, (MARGIN + 2, HEAD)) == (128, 128, 128)
    heads = np.asarray(image.convert("RGB"))[:HEAD]
    assert (heads == palette.rgb(palette.INK["light"])).all(-1).any(), "the words keep their ink"
