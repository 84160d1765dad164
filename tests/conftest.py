"""What every test shares: no network, a home of its own, and marks by folder."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

HERE = Path(__file__).parent
PURE = (HERE / "domain", HERE / "docs", HERE / "integrations", HERE / "benchmarks")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that touch no database need not run a second time on the other engine."""
    for item in items:
        if any(folder in item.path.parents for folder in PURE):
            item.add_marker(pytest.mark.pure)
        if HERE / "journeys" in item.path.parents:
            item.add_marker(pytest.mark.journey)


@pytest.fixture(autouse=True)
def only_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that reaches for the net fails: only loopback and local sockets answer."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else "127.0.0.1"
        if self.family != socket.AF_UNIX and host not in ("127.0.0.1", "localhost", "::1"):
            raise AssertionError(f"a test reached for {host}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def own_mail_folder(tmp_path: Path, settings: object) -> None:
    """Mails of a test land in its own folder."""
    settings.MAIL = "folder"  # type: ignore[attr-defined]
    settings.MAIL_FOLDER = tmp_path / "mail"  # type: ignore[attr-defined]
