"""Packages that one command needs and most people do not; `pyproject.toml` has the same extras, with their versions."""

from importlib.util import find_spec

from dbn_core.errors import PackageError

EXTRAS = {
    "reference": ("pdoc",),
    "onnx": ("onnx", "onnxscript"),
    "tensorboard": ("tensorboard",),
    "heic": ("pillow-heif",),  # without it such images are left out, and told: `data.own.leftovers`
}
"""What `pip install "deep-belief-lab[...]"` adds to the lab."""


def require(extra: str, what: str) -> None:
    """Raises PackageError where a package of the extra is not installed; what: the thing that cannot be made then."""
    missing = [package for package in EXTRAS[extra] if find_spec(package.replace("-", "_")) is None]
    if missing:
        packages = " ".join(missing)
        raise PackageError(
            f'{what} needs {packages}, which is not installed; pip install {packages}, or "deep-belief-lab[{extra}]".'
        )
