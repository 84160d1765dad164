"""Every experiment by its name: which company is drawn, and what it is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from handrail.domain.evidence.company import Company
from planted.effects import (
    chosen,
    clustered,
    curves,
    primary,
    spilled,
    staggered,
    switched,
    takers,
    times,
    truths,
)
from planted.looks import watched, watched_both
from planted.seeing import Row

PLANTED = Company()
NULL = replace(PLANTED, null=True)
ALL_TAKE = replace(PLANTED, take_up=30.0, retention=0.995, retention_with=0.997)
CHOSEN = replace(NULL, lottery=False, hires=800)


def experiments() -> dict[str, Callable[[int], Row]]:
    planted, null, keep = truths(PLANTED), truths(NULL), replace
    nothing = dict.fromkeys(null, 0.0)
    small = {
        f"null {n}": partial(primary, company=keep(NULL, hires=n), truth=nothing) for n in (40, 200)
    }
    weak = keep(PLANTED, take_up=-2.2)
    crossing = keep(ALL_TAKE, take_up=0.85, crossover_day=15.0)
    found: dict[str, Callable[[int], Row]] = {
        "planted 200": partial(primary, company=PLANTED, truth=planted),
        "planted 400": partial(primary, company=keep(PLANTED, hires=400), truth=planted),
        **small,
        "time 200": partial(times, company=ALL_TAKE),
        "null time 200": partial(times, company=keep(ALL_TAKE, null=True)),
        "null time 40": partial(times, company=keep(ALL_TAKE, null=True, hires=40)),
        "time 40": partial(times, company=keep(ALL_TAKE, hires=40)),
        "null time 20": partial(times, company=keep(ALL_TAKE, null=True, hires=20)),
        "switched 200": partial(switched, company=crossing),
        "switched null 200": partial(switched, company=keep(crossing, null=True)),
        "clustered 200": partial(clustered, company=keep(NULL, cohort_spread=0.3, take_up=30.0)),
        "clustered 80": partial(
            clustered, company=keep(NULL, cohort_spread=0.3, hires=80, take_up=30.0)
        ),
        "watched 208": partial(watched, company=keep(NULL, hires=208, hires_per_week=208 / 12)),
        "watched 80": partial(watched, company=keep(NULL, hires=80, hires_per_week=80 / 12)),
        "watched planted 208": partial(
            watched, company=keep(PLANTED, hires=208, hires_per_week=208 / 12)
        ),
        "watched early leavers 208": partial(
            watched, company=keep(NULL, hires=208, hazard_shape=0.6)
        ),
        "watched both 208": partial(
            watched_both, company=keep(NULL, hires=208, hires_per_week=208 / 12)
        ),
        "staggered 300": staggered,
        "self-selected 800": partial(chosen, company=CHOSEN),
    }
    for n in (40, 80, 200, 400):
        company = keep(PLANTED, hires=n)
        for censored in (False, True):
            name = f"curves {n}{' censored' if censored else ''}"
            found[name] = partial(curves, company=company, truth=planted, censored=censored)
        found[f"takers {n}"] = partial(takers, company=company, truth=planted)
    found["takers 200 weak"] = partial(takers, company=keep(weak, hires=200), truth=truths(weak))
    for share in (0.0, 0.25, 0.5):
        company = keep(PLANTED, hires=800, spill_over=share)
        found[f"spilled {share:g}"] = partial(spilled, company=company)
    return found
