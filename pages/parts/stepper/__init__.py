"""Parts of the Stepper page."""
