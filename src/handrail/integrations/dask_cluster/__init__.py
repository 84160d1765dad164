"""Work spread over a Dask cluster; needs the extra `dask` (`distributed`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from pickle import dumps
from typing import Any

RETRIES = 10  # times that a part is done again when its worker is lost
WAIT = "30s"  # for the scheduler to answer


class DaskMissing(RuntimeError):
    """The extra is not installed, or nobody answers at the address; says what to do."""


class DaskSpread:
    """Does pure work on parts wherever a cluster has room; the scene travels once.

    Keys name what is done by its content, so a part that is lost is done again and never twice
    in two ways.
    """

    def __init__(self, client: Any) -> None:
        self.client = client
        self._scene: tuple[Any, Any, str] | None = None  # what was sent, where it is, its name

    def run(
        self,
        work: Callable[[Any, Any, Any], Any],
        scene: Any,
        asked: Any,
        parts: Sequence[Any],
    ) -> Iterator[Any]:
        """`work(scene, asked, part)` for each part, in the parts' order."""
        if self._scene is None or self._scene[0] is not scene:
            # Held by the scheduler's workers and by us: a worker that is lost takes a copy only.
            self._scene = (scene, self._everywhere(scene), _name(scene))
        there = self._everywhere(asked)
        name = blake2b(f"{self._scene[2]} {_name(asked)}".encode(), digest_size=8).hexdigest()
        waiting = [
            self.client.submit(
                work,
                self._scene[1],
                there,
                part,
                key=f"handrail-{name}-{_name(part)}",
                retries=RETRIES,
                pure=True,
            )
            for part in parts
        ]
        for future in waiting:
            yield future.result()

    def _everywhere(self, data: Any) -> Any:
        """The data as a task of its own: unlike scattered data it is made again if it is lost."""
        return self.client.submit(_same, data, key=f"handrail-data-{_name(data)}", retries=RETRIES)


def _same(data: Any) -> Any:
    return data


def _name(data: Any) -> str:
    return blake2b(dumps(data, protocol=5), digest_size=8).hexdigest()


@contextmanager
def dask_spread(address: str) -> Iterator[DaskSpread]:
    """A cluster's room for work, by the address of its scheduler such as tcp://host:8786.

    Raises DaskMissing when the extra is not there or nobody answers.
    """
    try:
        from distributed import Client  # an extra: most installs match on one machine
    except ImportError as error:
        raise DaskMissing(
            "Spreading work needs the extra: pip install 'handrail[dask]'."
        ) from error
    try:
        connect: Any = Client  # its types are not declared
        client = connect(address, timeout=WAIT)
    except (OSError, ValueError) as error:
        raise DaskMissing(f"No Dask scheduler answers at {address}.") from error
    with client:
        yield DaskSpread(client)
