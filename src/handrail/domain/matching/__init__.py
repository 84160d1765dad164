"""Matching: needs and offers to pairs with a slot both have free, with reasons and a proof.

solve(problem, *, seed, options=Options(), warm=None) -> Plan
verify(problem, plan) -> tuple[Fault, ...]            # shares no code with the solver
explain(problem, plan, mentee) -> Explanation
request(problem, plan, mentee, *, top=8) -> tuple[Offer, ...]
generate(*, seed, mentees, ...) -> Problem
fold_weeks(person, weeks, series, *, may_miss=0) -> int      # weeks of bits -> one for cohorts
rank_starts(free, series, *, most=20) -> tuple[WeeklyStart, ...]
keep_seats(problem, running) -> Problem                       # projects that go on
plan_rota(turns, hosts, *, seed) -> Rota;  move_on(rota, turns, hosts, turn, *, seed) -> Rota
next_hosts(pool, *, seed, request) -> tuple[NextHost, ...]
pair_peers(peers, *, seed, history=(), again_after=4, apart=None) -> PeerPlan
"""

from .explain import Explanation, WhyNot, explain, explain_all
from .generate import generate
from .peers import Met, Peer, PeerGroup, PeerPlan, pair_peers
from .plan import (
    Certificate,
    Pair,
    Plan,
    Prices,
    Reason,
    Terms,
    Unmatched,
    certificate_document,
)
from .problem import (
    Mentee,
    Mentor,
    Options,
    Pin,
    Problem,
    ProblemError,
    Published,
    Want,
)
from .project import Running, keep_seats
from .reasons import sentence
from .request import Offer, request
from .rota import HeldTurn, Host, Rota, Turn, move_on, plan_rota
from .series import Series, WeeklyStart, fold_weeks, rank_starts
from .solve import solve
from .spread import Spread
from .standing import NextHost, Standing, next_hosts
from .verify import verify
from .verify_rules import Fault
from .week import bits_of, pack, slots_of, unpack

__all__ = [
    "Certificate",
    "Explanation",
    "Fault",
    "HeldTurn",
    "Host",
    "Mentee",
    "Mentor",
    "Met",
    "NextHost",
    "Offer",
    "Options",
    "Pair",
    "Peer",
    "PeerGroup",
    "PeerPlan",
    "Pin",
    "Plan",
    "Prices",
    "Problem",
    "ProblemError",
    "Published",
    "Reason",
    "Rota",
    "Running",
    "Series",
    "Spread",
    "Standing",
    "Terms",
    "Turn",
    "Unmatched",
    "Want",
    "WeeklyStart",
    "WhyNot",
    "bits_of",
    "certificate_document",
    "explain",
    "explain_all",
    "fold_weeks",
    "generate",
    "keep_seats",
    "move_on",
    "next_hosts",
    "pack",
    "pair_peers",
    "plan_rota",
    "rank_starts",
    "request",
    "sentence",
    "slots_of",
    "solve",
    "unpack",
    "verify",
]
