"""Learning rules: gradients and where their negative phase comes from, and what one update does with them.

Nothing here knows of stages, runs or stores.
"""
