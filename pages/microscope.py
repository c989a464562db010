"""Microscope: an RBM so small that everything about it is exact and moves while one drags."""

from pages.parts import views

views.microscope()
