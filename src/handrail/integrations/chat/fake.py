"""A server on this machine that stands in for a service: it keeps what came, and answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass(frozen=True, slots=True)
class Came:
    """One request; header names are in small letters."""

    method: str
    path: str  # with its query, exactly as sent
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


Reply = Callable[[Came], tuple[int, str]]


@dataclass
class Fake:
    """What a stand-in saw, and where it is."""

    port: int
    seen: list[Came] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def internal(self) -> frozenset[str]:
        """What the operator must allow, since this machine is no public place."""
        return frozenset({f"localhost:{self.port}"})

    @property
    def everything(self) -> str:
        """All that ever left for here, as one text: addresses, headers, bodies."""
        return "\n".join(
            f"{one.path}\n{one.headers}\n{one.body.decode('utf-8', 'replace')}"
            for one in list(self.seen)
        )


@contextmanager
def standing_in(reply: Reply, *, port: int = 0) -> Iterator[Fake]:
    """A stand-in that answers each request by `reply`, until the block ends."""
    fake = Fake(port=0)

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_words: object) -> None:
            pass

        def answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            came = Came(self.command, self.path, headers, self.rfile.read(length))
            fake.seen.append(came)
            status, body = reply(came)
            content = body.encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = answer  # noqa: N815 - the library's names

    class Server(ThreadingHTTPServer):
        daemon_threads = True

    server = Server(("127.0.0.1", port), Handler)
    fake.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
