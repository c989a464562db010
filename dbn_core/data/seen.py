"""What a run sees of its data set, told without any image: form and scale of an image, the names of the classes."""

from dataclasses import dataclass

from dbn_core.config.data import DataConfig
from dbn_core.data.catalogue import dataset_info
from dbn_core.data.scale import PIXELS, Scale


@dataclass(frozen=True, slots=True)
class SeenImages:
    """The images as a network has them, grey or as patches where its settings say so."""

    shape: tuple[int, ...]  # (height, width) or (height, width, 3)
    label_names: tuple[str, ...]  # none without classes
    scale: Scale = PIXELS


def seen_images(config: DataConfig) -> SeenImages:
    """Of a run with these settings. Raises DataError where its data set is one's own and no longer here."""
    info = dataset_info(config.name)
    height, width, channels = info.shape
    sides = (height, width) if config.patch is None else (config.patch, config.patch)
    shape = sides if config.grey or channels == 1 else (*sides, channels)
    return SeenImages(shape, info.label_names if config.patch is None else (), info.scale)
