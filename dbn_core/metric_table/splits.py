"""The images that figures are of, in words."""

MONITORED = 1000  # images of each split that a run looks at while it trains: the first ones, always the same

TRAIN = f"up to {MONITORED:,} training images"
HELD_OUT = f"up to {MONITORED:,} held-out images"
ALL_HELD_OUT = "all held-out images"
SPECTRAL = "up to 500 training images"
CHAINS = "all persistent chains"
BINARISED = "all held-out images, grey ones binarised once"
