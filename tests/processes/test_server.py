"""A real server: whoever starts it is told where it is, and it asks nobody outside for that."""

import os
import select
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from benchmarks.house import free_port
from tests.waiting import PATIENCE, until

ROOT = Path(__file__).parents[2]
CONFIGURED = "https://school.example"
FOREIGN = ("http://evil.example", "null", "http://localhost:9000", "http://127.0.0.1", "http://evil.example:8501")
pytestmark = pytest.mark.processes

# Python runs it before anything else: what looks up a name or calls a machine is written down and refused.
RECORDER = """
import ipaddress, os, socket, sys

HERE = {None, "", "localhost", socket.gethostname()}

def is_here(host):
    host = host.decode() if isinstance(host, bytes) else host
    try:
        return host in HERE or ipaddress.ip_address(host).is_loopback or ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return False

def record(event, arguments):
    if event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        host = arguments[0]
    elif event in {"socket.connect", "socket.sendto"} and isinstance(arguments[1], tuple):
        if event == "socket.connect" and arguments[0].type == socket.SOCK_DGRAM:
            return  # sends nothing
        host = arguments[1][0]
    else:
        return
    if not is_here(host):
        with open(os.environ["CALLS"], "a") as calls:
            calls.write(f"{event} {host}\\n")
        raise OSError(f"nobody may ask {host}")

sys.addaudithook(record)
"""


class Server:
    """`streamlit run app.py` for the whole network, with a note of whatever it asks of the outside."""

    def __init__(self, folder: Path) -> None:
        self.port, self._calls = free_port(), folder / "calls"
        self._proxy = socket.create_server(("127.0.0.1", 0))
        proxy = f"http://127.0.0.1:{self._proxy.getsockname()[1]}"
        (folder / "sitecustomize.py").write_text(RECORDER)
        own = {
            "PYTHONPATH": str(folder),
            "CALLS": str(self._calls),
            **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), proxy),
            "DBN_STORE": f"sqlite:///{folder / 'lab.db'}",
            "DBN_SCHEDULER": "tcp://127.0.0.1:9",  # nobody listens there: no cluster is started
        }
        where = ["--server.address=0.0.0.0", f"--server.port={self.port}", f"--server.corsAllowedOrigins={CONFIGURED}"]
        command = ["streamlit", "run", "app.py", *where]
        self._process = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env=os.environ | own,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    @property
    def calls(self) -> str:
        """Names looked up, machines called, and whoever came to the proxy that the environment names."""
        came, _, _ = select.select([self._proxy], [], [], 0)
        return (self._calls.read_text() if self._calls.exists() else "") + "proxy" * len(came)

    def listens(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE).close()
        except OSError:
            assert self._process.poll() is None, self._process.communicate()[0]
            return False
        return True

    def is_refused(self, origin: str) -> bool:
        """A page of this address, which wants to talk with the lab."""
        try:
            with connect(
                f"ws://127.0.0.1:{self.port}/_stcore/stream",
                subprotocols=[Subprotocol("streamlit")],
                origin=Origin(origin),
                open_timeout=PATIENCE,
            ):
                return False
        except InvalidStatus:
            return True

    def refuses_changes(self, origin: str) -> bool:
        """A page of this address, which sends what would start work or store a file."""
        return all(
            self._status(method, path, origin) == HTTPStatus.FORBIDDEN
            for method, path in (("POST", "/lab/runs/any/generate/dream"), ("PUT", "/_stcore/upload_file/any/any"))
        )

    def _status(self, method: str, path: str, origin: str) -> int:
        headers = {"Origin": origin, "Content-Type": "application/json"}
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as connection:
            connection.request(method, path, b"{}", headers)
            return connection.getresponse().status

    def end(self) -> str:
        """All that it wrote."""
        self._process.terminate()
        self._proxy.close()
        return self._process.communicate(timeout=PATIENCE)[0]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path)
    yield server
    server.end()


def test_a_lab_for_the_network_says_where_it_is_and_asks_nobody_outside(server: Server) -> None:
    until(server.listens, "the start of the server")
    for origin in FOREIGN:
        assert server.is_refused(origin)
        assert server.refuses_changes(origin)
    for origin in (f"http://127.0.0.1:{server.port}", CONFIGURED):
        assert not server.is_refused(origin)
        assert not server.refuses_changes(origin)
    assert server.calls == ""
    assert f"Deep Belief Lab: http://127.0.0.1:{server.port} (others on the network: http://" in server.end()
