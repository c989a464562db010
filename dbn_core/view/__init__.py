"""What the eye gets: records and pixels become pictures, curves and words. Pure functions; no store, no server."""
