"""Pages over a store of their own, with no job cluster within reach."""

from tests.web.conftest import store

__all__ = ["store"]
