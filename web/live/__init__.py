"""What live pages follow of a run as it changes."""
