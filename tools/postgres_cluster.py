"""A PostgreSQL server of its own for tests and benchmarks: in a temporary folder, gone afterwards.

It goes, too, if the program that made it is killed. It listens on a free port of the loopback interface only, asks everybody for a password, and has
nothing to do with a server that the system runs. Standard library only.

Examples
--------
>>> from postgres_cluster import temporary_cluster
>>> with temporary_cluster() as cluster:  # doctest: +SKIP
...     cluster.url("postgres")
'postgresql://superuser:...@127.0.0.1:49321/postgres'

"""

from __future__ import annotations

import os
import random
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

if os.name == "posix":
    import pwd

PROGRAMS = ("initdb", "pg_ctl", "postgres")
WHERE_DEBIAN_PUTS_THEM = "usr/lib/postgresql/*/bin"
"""Debian and Ubuntu keep the server's programs out of PATH, one folder for each version."""

HOST = "127.0.0.1"
PORTS = range(20_000, 32_000)
"""Linux takes ports from 32768 on for outgoing connections, unless it was told otherwise."""
SUPERUSER = "superuser"
ACCOUNTS = ("postgres", "nobody")
"""Accounts to run a server under when we are root, which PostgreSQL refuses."""

ATTEMPTS = 5
WAIT_SECONDS = 60
SETTINGS = {
    "listen_addresses": f"'{HOST}'",
    "max_connections": "80",
    "shared_buffers": "'64MB'",
    "jit": "off",
    "timezone": "'UTC'",
    "lc_messages": "'C'",
}


GUARD = 'read -r _; "$1/pg_ctl" stop -s -m immediate -D "$2/data"; rm -rf "$2"'
"""What a shell does that outlives us by a moment: when its input ends, because we did, it clears away."""


class ClusterError(Exception):
    """No server can be made here, or it does not start; the text says why."""


def programs_folder(root: Path = Path("/")) -> Path | None:
    """Return the folder with the programs of a PostgreSQL server, the newest one; None without any."""
    versions = sorted(root.glob(WHERE_DEBIAN_PUTS_THEM), key=_version, reverse=True)
    in_path = shutil.which("initdb")
    found = [Path(in_path).resolve().parent] if in_path else []
    return next((folder for folder in (*found, *versions) if _is_complete(folder)), None)


def _is_complete(folder: Path) -> bool:
    return all(shutil.which(name, path=str(folder)) for name in PROGRAMS)


def _version(folder: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in folder.parent.name.split(".") if part.isdigit())


class PostgresCluster:
    """A server and its data in a folder.

    Parameters
    ----------
    programs : pathlib.Path
        Folder with ``initdb`` and ``pg_ctl``.
    folder : pathlib.Path
        An empty folder that belongs to us; its path is short, because a socket lies in it.
    fsync : bool
        Whether it waits for the disk. Without it a test is quicker, and only a crash of the
        whole machine can tell the difference.

    Attributes
    ----------
    port : int
        Where it listens, on 127.0.0.1; stays the same when it is stopped and started again.
    password : str
        Password of the superuser.

    """

    def __init__(self, programs: Path, folder: Path, *, fsync: bool = False) -> None:
        self._programs = programs
        self._folder = folder
        self._data = folder / "data"
        self.log = folder / "log"
        self.port = 0
        self.password = secrets.token_hex(16)
        self._account = _account()
        self._create(SETTINGS | {"fsync": "on" if fsync else "off", "unix_socket_directories": f"'{folder}'"})

    def url(self, database: str, login: str = SUPERUSER, password: str | None = None) -> str:
        """Return the address of a database; the superuser's password is known, others have to be given."""
        secret = self.password if password is None and login == SUPERUSER else password
        user = quote(login, safe="") + ("" if secret is None else f":{quote(secret, safe='')}")
        return f"postgresql://{user}@{HOST}:{self.port}/{quote(database, safe='')}"

    def start(self) -> None:
        """Start it and wait until it answers.

        Raises
        ------
        ClusterError
            If it does not.

        """
        ports = [self.port] if self.port else [_free_port() for _ in range(ATTEMPTS)]
        for port in ports:
            if self._control("start", "-l", str(self.log), "-o", f"-p {port}").returncode == 0:
                self.port = port
                return
        raise ClusterError(f"PostgreSQL does not start:\n{self.log_text()[-2000:]}")

    def stop(self, mode: str = "fast") -> None:
        """Stop it; ``mode`` is "smart", "fast" or, as if it had crashed, "immediate"."""
        if self.runs():
            self._control("stop", "-m", mode)

    def runs(self) -> bool:
        """Return whether it runs."""
        return self._control("status").returncode == 0

    def log_text(self) -> str:
        """Return what the server has written down."""
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    def _create(self, settings: Mapping[str, str]) -> None:
        if self._account:
            os.chown(self._folder, self._account["user"], self._account["group"])
        secret = self._folder / "password"
        secret.write_text(self.password, encoding="ascii")
        options = ("--encoding=UTF8", "--locale=C", "--no-sync", "--auth=scram-sha-256")
        made = self._run("initdb", "-D", self._data, "-U", SUPERUSER, f"--pwfile={secret}", *options)
        secret.unlink()
        if made.returncode:
            raise ClusterError(f"initdb failed:\n{made.stdout}{made.stderr}")
        lines = "".join(f"{name} = {value}\n" for name, value in settings.items())
        with (self._data / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write(lines)

    def _control(self, command: str, *options: str) -> subprocess.CompletedProcess[str]:
        # the server inherits what it is given: through a pipe its end would be waited for
        wait = () if command == "status" else ("-w", "-t", str(WAIT_SECONDS))
        return self._run("pg_ctl", command, "-s", "-D", self._data, *wait, *options, quiet=True)

    def _run(self, program: str, *arguments: Any, quiet: bool = False) -> subprocess.CompletedProcess[str]:
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))
        }
        output = subprocess.DEVNULL if quiet else subprocess.PIPE
        return subprocess.run(
            [self._programs / program, *arguments],
            check=False,
            cwd=self._folder,
            env=environment | {"LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            text=True,
            **self._account,
        )


def _account() -> dict[str, Any]:
    """Return the account to run the programs under; nothing if our own will do."""
    if os.name != "posix" or os.geteuid() != 0:
        return {}
    for name in ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise ClusterError(f"PostgreSQL does not run as root, and there is no account {' or '.join(ACCOUNTS)}.")


def _free_port() -> int:
    """Return a port that nobody listens on now, out of those that no outgoing connection is given.

    Otherwise another program could get the port of a server that is stopped for a moment.
    """
    for port in random.SystemRandom().sample(PORTS, len(PORTS)):
        with socket.socket() as probe:
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    raise ClusterError(f"No port from {PORTS[0]} to {PORTS[-1]} is free.")


@contextmanager
def temporary_cluster(*, fsync: bool = False) -> Iterator[PostgresCluster]:
    """Make a server, start it, and leave nothing of it behind.

    Raises
    ------
    ClusterError
        If PostgreSQL is not installed, or does not start.

    """
    programs = programs_folder()
    if programs is None:
        raise ClusterError(
            "PostgreSQL's programs (initdb, pg_ctl, postgres) are neither in PATH nor where Debian puts them: "
            "install the package postgresql."
        )
    folder = Path(tempfile.mkdtemp(prefix="fa-pg-"))
    try:
        cluster = PostgresCluster(programs, folder, fsync=fsync)
        with _guarded(programs, folder):
            try:
                cluster.start()
                yield cluster
            finally:
                cluster.stop("immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)  # the guard may have been quicker


@contextmanager
def _guarded(programs: Path, folder: Path) -> Iterator[None]:
    """See to it that nothing is left even if this program is killed; POSIX only."""
    if os.name != "posix":
        yield
        return
    with subprocess.Popen(
        ["/bin/sh", "-c", GUARD, "guard", programs, folder],
        cwd="/",
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        **_account(),
    ):
        yield
