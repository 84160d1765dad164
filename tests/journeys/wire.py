"""Between browser and server: a server that can really be killed, and a network that misbehaves."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from feed import Answer, Feed
from stage import ROOT, Served, environment, free_port, handrail

HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"}


@dataclass
class Killable:
    """A server on a copy of a demo, in a process group that is killed at once."""

    home: Path
    port: int = field(default_factory=free_port)
    extra: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    public: str = ""  # what people open, where a wire lies between

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def start(self) -> None:
        env = {**environment(self.home, self.public or self.url), **self.extra}
        with (self.home / "serve.log").open("ab") as log:
            self.process = subprocess.Popen(
                [handrail(), "serve", "--port", str(self.port)],
                env=env,
                stdout=log,
                stderr=log,
                cwd=ROOT,
                start_new_session=True,
            )
        deadline = time.monotonic() + 60
        while True:
            try:
                urllib.request.urlopen(f"{self.url}/healthz", timeout=2).close()
                return
            except OSError:
                assert self.process.poll() is None, (self.home / "serve.log").read_text()
                assert time.monotonic() < deadline, "the server did not answer"
                time.sleep(0.2)

    def kill(self) -> None:
        """At once, with everything it started: nothing is finished, nothing is said."""
        if self.process is None:
            return
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(20)
        self.process = None


def copy_of(demo: Served, home: Path) -> Path:
    """A demo's folder, of which the database is whole: its server may be at work."""
    shutil.copytree(
        demo.home, home, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.sqlite3*", "static")
    )
    for path in demo.home.glob("*.sqlite3"):
        with (
            closing(sqlite3.connect(path)) as source,
            closing(sqlite3.connect(home / path.name)) as target,
        ):
            source.backup(target)
    return home


Instead = Callable[[str, dict[str, str]], Answer | None]


class Wire:
    """A small proxy on a port of its own; `instead` may answer in the server's place."""

    def __init__(self, server: Killable) -> None:
        self.server = server
        self.instead: Instead = lambda path, headers: None
        self.wait = 0.0  # seconds before anything is passed on
        self.seen: list[tuple[str, str, int]] = []  # method, path, status
        self._accounts: dict[str, str] = {}
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._http.daemon_threads = True
        self.port = self._http.server_address[1]
        threading.Thread(target=self._http.serve_forever, daemon=True).start()
        server.public = self.url

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def feeds(self, feed: Feed) -> None:
        """Let this feed tell the answers, as long as the server is alive to say who asks."""

        def told(path: str, headers: dict[str, str]) -> Answer | None:
            if not feed.is_asked(path) or self.server.process is None:
                return None
            return feed.told(path, headers, self.account_of(headers.get("Cookie", "")))

        self.instead = told

    def holds_back(self, part: str) -> None:
        """Whatever is about such a path gets no answer from now on; the rest as before."""
        before = self.instead

        def told(path: str, headers: dict[str, str]) -> Answer | None:
            return (0, {}, b"") if part in path else before(path, headers)

        self.instead = told

    def gives(self, name: str, script: str) -> None:
        """Let devices get another script of that name; of a service worker, its own part alone."""
        before = self.instead
        content = {"Content-Type": "text/javascript", "Cache-Control": "no-cache"}

        def told(path: str, headers: dict[str, str]) -> Answer | None:
            if f"/build/{name}." in path:
                return 200, content, script.encode()
            if path == "/sw.js" and name in ("sw", "sw_off"):
                with urllib.request.urlopen(f"{self.server.url}/sw.js", timeout=20) as answer:
                    release, _line, own = answer.read().decode().partition(";\n")
                works = release.startswith("self.RELEASE=")
                if works is (name == "sw"):
                    return 200, content, (f"{release};\n{script}" if works else script).encode()
                return 200, content, f"{release};\n{own}".encode()
            return before(path, headers)

        self.instead = told

    def account_of(self, cookie: str) -> str:
        """Who is signed in with this cookie; "" where nobody is."""
        if cookie not in self._accounts:
            asked = urllib.request.Request(f"{self.server.url}/api/v1/device")
            asked.add_header("Cookie", cookie)
            try:
                with urllib.request.urlopen(asked, timeout=20) as answer:
                    self._accounts[cookie] = json.load(answer)["account"]
            except urllib.error.HTTPError:
                return ""
        return self._accounts[cookie]

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()

    def asked(self, part: str) -> list[int]:
        """The statuses with which requests for such a path were answered."""
        return [status for _method, path, status in self.seen if part in path]


def page(text: str, status: int = 200) -> Answer:
    """What a portal or a proxy says in the server's place."""
    return status, {"Content-Type": "text/html; charset=utf-8"}, text.encode()


def _handler(wire: Wire) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._pass()

        def do_HEAD(self) -> None:
            self._pass()

        def do_POST(self) -> None:
            self._pass()

        def log_message(self, *_: Any) -> None:
            pass

        def _pass(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length)
            time.sleep(wire.wait)
            answer = wire.instead(self.path, dict(self.headers)) or self._ask(body)
            if answer is None:
                self.close_connection = True
                self.connection.close()  # as a server that died answers: not at all
                return
            status, headers, content = answer
            if not status:
                self.close_connection = True
                self.connection.close()
                return
            wire.seen.append((self.command, self.path, status))
            try:
                self.send_response(status)
                for name, value in headers.items() if isinstance(headers, dict) else headers:
                    self.send_header(name, value)
                if status != 304:
                    self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                if self.command != "HEAD" and status != 304:
                    self.wfile.write(content)
            except OSError:
                self.close_connection = True  # the browser did not wait

        def _ask(self, body: bytes) -> Any:
            door = http.client.HTTPConnection("127.0.0.1", wire.server.port, timeout=60)
            try:
                headers = {k: v for k, v in self.headers.items() if k.lower() not in HOP}
                door.request(self.command, self.path, body or None, headers)
                got = door.getresponse()
                kept = [(k, v) for k, v in got.getheaders() if k.lower() not in HOP]
                return got.status, kept, got.read()
            except OSError:
                return None
            finally:
                door.close()

    return Handler
