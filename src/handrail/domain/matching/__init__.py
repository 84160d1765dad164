"""Matching: needs and offers to pairs with a slot both have free, with reasons and a proof.

solve(problem, *, seed, options=Options(), warm=None) -> Plan
verify(problem, plan) -> tuple[Fault, ...]            # shares no code with the solver
explain(problem, plan, mentee) -> Explanation
request(problem, plan, mentee, *, top=8) -> tuple[Offer, ...]
generate(*, seed, mentees, ...) -> Problem
fold_weeks(person, weeks, series, *, may_miss=0) -> int      # weeks of bits -> one for cohorts
rank_starts(free, series, *, most=20) -> tuple[WeeklyStart, ...]
"""

from .explain import Explanation, WhyNot, explain, explain_all
from .generate import generate
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
from .reasons import sentence
from .request import Offer, request
from .series import Series, WeeklyStart, fold_weeks, rank_starts
from .solve import solve
from .verify import verify
from .verify_rules import Fault
from .week import bits_of, pack, slots_of, unpack

__all__ = [
    "Certificate",
    "Explanation",
    "Fault",
    "Mentee",
    "Mentor",
    "Offer",
    "Options",
    "Pair",
    "Pin",
    "Plan",
    "Prices",
    "Problem",
    "ProblemError",
    "Published",
    "Reason",
    "Series",
    "Terms",
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
    "pack",
    "rank_starts",
    "request",
    "sentence",
    "slots_of",
    "solve",
    "unpack",
    "verify",
]
