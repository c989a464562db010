"""How much may be brought in: bounds that real collections keep and hostile files do not."""

MIB = 2**20

FILE_BYTES = 500 * MIB  # of a file with images, or of several together; as much as the server takes in
UNPACKED_BYTES = 2048 * MIB  # of all that is in it
MEMBERS = 200_000  # files in a folder or .zip, images or not
IMAGE_BYTES = 64 * MIB  # of one image file
IMAGE_PIXELS = 30_000_000  # of one image before it is made smaller
LEAST_SIDE, SIDE = 3, 128  # pixels: of an image as it is trained on
FEWEST, MOST = 50, 100_000  # images in a data set
STORED_BYTES = 1024 * MIB  # of a data set
CLASSES = 100
CLASS_NAME = 60  # characters
SETS = 100  # on one shelf
