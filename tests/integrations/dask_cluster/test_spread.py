"""The same plan from one process and from a cluster, also when a worker is killed at its work."""

from __future__ import annotations

import os
import pickle
import signal
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from domain.matching.engine.plain import plain_engine
from handrail.domain.matching import Options, Plan, certificate_document, generate, solve
from handrail.domain.matching.spread import Spread
from handrail.integrations.dask_cluster import DaskMissing, DaskSpread, dask_spread

pytestmark = [
    pytest.mark.pure,
    # distributed leaves sockets and loops to the end of the process
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:distributed.*"),
]

PEOPLE = 1_200
PART = 300  # of so many mentees: a look then has several parts


def told(plan: Plan) -> bytes:
    return pickle.dumps(
        (
            certificate_document(plan),
            [(pair.mentee, pair.mentor, pair.slot, pair.score) for pair in plan.pairs],
            [(left.person, left.reason.document()) for left in plan.unmatched],
        )
    )


def in_parts(monkeypatch: pytest.MonkeyPatch, everywhere: Any, size: int) -> None:
    monkeypatch.setitem(everywhere.look_everywhere.__kwdefaults__, "chunk", size)


@pytest.fixture
def several_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    in_parts(monkeypatch, import_module("handrail.domain.matching.engine.everywhere"), PART)


@pytest.fixture(scope="module")
def alone() -> bytes:
    return told(solve(generate(seed=5, mentees=PEOPLE, tight=True), seed=1))


@pytest.fixture
def cluster() -> Iterator[Callable[[int], str]]:
    from distributed import LocalCluster

    running: list[Any] = []

    def start(workers: int) -> str:
        running.append(
            LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                processes=True,
                host="127.0.0.1",
                dashboard_address=None,
            )
        )
        return str(running[-1].scheduler_address)

    yield start
    for each in running:
        each.close()


class Backwards:
    """Does the last part first, as another machine might; `astray` also leaves them that way."""

    def __init__(self, *, astray: bool = False) -> None:
        self.astray, self.most = astray, 0

    def run(
        self, work: Callable[[Any, Any, Any], Any], scene: Any, asked: Any, parts: Sequence[Any]
    ) -> list[Any]:
        self.most = max(self.most, len(parts))
        done = [work(scene, asked, part) for part in reversed(parts)]
        return done if self.astray else done[::-1]


def of_a_hundred(spread: Spread | None) -> bytes:
    """A plan by kernels as plain Python: compiling them takes half a minute on a new machine."""
    solve_large = plain_engine().solve.solve_large
    problem = generate(seed=5, mentees=100, tight=True)
    options, said = Options(), lambda stage: None
    return told(
        solve_large(problem, seed=1, options=options, version="1", progress=said, spread=spread)
    )


def test_the_order_in_which_parts_are_done_does_not_matter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    expected = of_a_hundred(None)
    in_parts(monkeypatch, plain_engine().everywhere, 15)
    backwards = Backwards()
    assert of_a_hundred(backwards) == expected
    assert backwards.most == 7


@pytest.mark.nightly
def test_parts_that_come_back_in_another_order_are_found_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    expected = of_a_hundred(None)
    in_parts(monkeypatch, plain_engine().everywhere, 15)
    assert of_a_hundred(Backwards(astray=True)) != expected


@pytest.mark.nightly
@pytest.mark.usefixtures("several_parts")
@pytest.mark.parametrize("workers", [1, 2, 4])
def test_a_cluster_gives_the_same_bytes(
    workers: int, alone: bytes, cluster: Callable[[int], str]
) -> None:
    with dask_spread(cluster(workers)) as spread:
        problem = generate(seed=5, mentees=PEOPLE, tight=True)
        assert told(solve(problem, seed=1, spread=spread)) == alone


@pytest.mark.nightly
@pytest.mark.usefixtures("several_parts")
def test_a_worker_that_is_killed_at_its_work_changes_nothing(
    alone: bytes, cluster: Callable[[int], str], tmp_path: Path
) -> None:
    killed = str(tmp_path / "killed")

    class Deadly(DaskSpread):
        def run(
            self,
            work: Callable[[Any, Any, Any], Any],
            scene: Any,
            asked: Any,
            parts: Sequence[Any],
        ) -> Iterator[Any]:
            def die_once(scene: Any, asked: Any, part: Any) -> Any:
                try:
                    os.close(os.open(killed, os.O_CREAT | os.O_EXCL))
                except FileExistsError:
                    return work(scene, asked, part)
                os.kill(os.getpid(), signal.SIGKILL)
                return None

            return super().run(die_once, scene, asked, parts)

    with dask_spread(cluster(2)) as spread:
        problem = generate(seed=5, mentees=PEOPLE, tight=True)
        plan = solve(problem, seed=1, spread=Deadly(spread.client))
    assert Path(killed).exists()
    assert told(plan) == alone


def test_an_address_where_nobody_answers_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handrail.integrations.dask_cluster.WAIT", "1s")
    nobody = pytest.raises(DaskMissing, match=r"No Dask scheduler answers at tcp://127\.0\.0\.1:9")
    with nobody, dask_spread("tcp://127.0.0.1:9"):
        pass
