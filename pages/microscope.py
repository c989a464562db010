"""Microscope: an RBM so small that everything about it is exact and moves while one drags."""

from pages.parts.microscope_view import microscope_view

microscope_view()
