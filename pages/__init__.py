"""The pages of the lab: each reads the store, draws and offers commands."""
