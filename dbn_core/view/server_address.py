"""Where a browser finds a server of the lab, from this machine and from others. Nobody outside is asked."""

import socket

LOOPBACK = "127.0.0.1"
_EVERYBODY = {"0.0.0.0": LOOPBACK, "::": "::1"}  # noqa: S104 - where somebody at this machine finds it
_NOBODY = "192.0.2.1"  # RFC 5737: no machine has it


def from_here(address: str) -> str:
    """The host that a browser on this machine asks where a server listens at `address`."""
    return _EVERYBODY.get(address, address)


def lab_address(address: str, port: int, scheme: str = "http") -> str:
    """Where a browser on this machine finds a server that listens at `address`."""
    host = from_here(address)
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"


def told_address(address: str, port: int, scheme: str = "http", path: str = "") -> str:
    """What the terminal is told once the lab serves; `path` is the server's prefix, "" or "/lab-of-mine"."""
    told = f"Deep Belief Lab: {lab_address(address, port, scheme)}{path}"
    if address in _EVERYBODY:
        told += f" (others on the network: {lab_address(_seen_by_others(), port, scheme)}{path})"
    return told


def _seen_by_others() -> str:
    """The address from which this machine sends; its name where it has no network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way_out:
        try:
            way_out.connect((_NOBODY, 9))  # UDP: that only chooses the way, nothing is sent
            return way_out.getsockname()[0]
        except OSError:
            return socket.gethostname()
