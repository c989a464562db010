"""What the browser fetches by itself, under `/lab/`; a file a page."""

from starlette.convertors import IntegerConvertor, register_url_convertor
from starlette.routing import BaseRoute

from web import scripts
from web.routes import classify, compare, diagnose, features, generate, health, microscope, reference, take_away, train


class ShortInteger(IntegerConvertor):
    """Whole numbers that Python reads and a database holds; an address with a longer one is no address here."""

    regex = "[0-9]{1,18}"


def all_routes(base: str = "") -> list[BaseRoute]:
    """Every route of the lab. `base` is the server's path prefix, "" or "/lab-of-mine"."""
    register_url_convertor("int", ShortInteger())
    parts = (health, scripts, train, features, diagnose, compare, classify, generate, microscope, take_away, reference)
    return [route for part in parts for route in part.routes(base)]
