"""The API reference: a page a package, from its docstrings, with a search; no page asks for anything from outside."""

from dbn_core.reference.building import build, public_modules

__all__ = ["build", "public_modules"]
