"""The difference of two means, everybody as assigned: adjusted, clustered, or by lottery."""

from __future__ import annotations

import math

import numpy as np

from handrail.domain.evidence.effect import (
    LEVEL,
    Bools,
    CannotTell,
    Effect,
    Floats,
    Ints,
    Numbers,
    around,
    both_arms,
    codes,
    columns,
    floats,
    marks,
    same_length,
    varying,
)

RERANDOMIZE_UNDER = 80  # hires, both arms together
DRAWS = 4999
HORIZON = 60


def restricted_days(
    days: Numbers, reached: Numbers, left: Numbers, *, until: float = HORIZON
) -> Floats:
    """Return the days without the task within the first `until`, one a person.

    Whoever reached it has the smaller of their days and `until`; whoever left without it counts
    `until`, since leaving must not look like being quick. Raises CannotTell ("not_mature") where
    somebody has neither reached it, nor left, nor been followed for `until` days: the result
    waits for them.
    """
    time = floats(days, what="days")
    done, gone = marks(reached, what="reached"), marks(left, what="left")
    same_length(time, done, gone)
    if (time < 0).any():
        raise ValueError("days: nobody can need fewer than 0.")
    open_ = ~done & ~gone & (time < until)
    if open_.any():
        raise CannotTell("not_mature", f"{int(open_.sum())} people are not at day {until:g} yet.")
    restricted: Floats = np.where(done, np.minimum(time, until), float(until))
    return restricted


def mean_difference(
    outcome: Numbers,
    arm: Numbers,
    *,
    covariates: Numbers | None = None,
    clusters: Numbers | None = None,
    level: float = LEVEL,
) -> Effect:
    """Return mean outcome offered minus waiting, with a sandwich that is right in small samples.

    Estimand: average effect of the offer. Formula: least squares on the arm, centred covariates
    and their products with the arm (W. Lin, Annals of Applied Statistics 7 (2013) 295-318);
    variance HC3 (J. G. MacKinnon and H. White, Journal of Econometrics 29 (1985) 305-325), with
    `clusters` its jackknife form CR3 (R. M. Bell and D. F. McCaffrey, Survey Methodology 28
    (2002) 169-181). Student's t; with clusters the degrees of freedom are Welch's, from the number
    of clusters in each arm, so one arm may have groups and the other single people (decision
    0030). Assumes random assignment of people or of whole clusters.

    `outcome`, `arm` (n,); `covariates` (n, c), baseline only; `clusters` (n,) labels, a person
    alone has a label of their own. Raises CannotTell: "one_arm", "one_cluster" (an arm has fewer
    than 2), "no_variation".
    """
    y, offered = floats(outcome, what="outcome"), marks(arm, what="arm")
    people = same_length(y, offered)
    both_arms(offered)
    varying(y, offered)
    x = columns(covariates, people)
    design = _design(offered, x)
    if np.linalg.matrix_rank(design) < design.shape[1] or people <= design.shape[1] + 1:
        # Too few people for products: the plain difference is unbiased as well.
        design = _design(offered, np.zeros((people, 0)))
    bread = np.linalg.inv(design.T @ design).astype(np.float64)
    beta = bread @ design.T @ y
    rest = y - design @ beta
    if clusters is None:
        reach = np.einsum("ni,ij,nj->n", design, bread, design)
        pull = design * (rest / np.maximum(1 - reach, 1e-12))[:, None]
        covariance = bread @ (pull.T @ pull) @ bread
        freedom = float(people - design.shape[1])
        method = "lin_hc3" if design.shape[1] > 2 else "difference_hc3"
    else:
        groups = codes(np.asarray(clusters))
        same_length(y, groups)
        pull, sides = _clustered(design, bread, rest, groups, offered)
        covariance = bread @ (pull.T @ pull) @ bread
        freedom = welch(pull @ bread[:, 1], sides)
        method = "lin_cr3" if design.shape[1] > 2 else "difference_cr3"
    error = math.sqrt(float(covariance[1, 1]))
    return around(float(beta[1]), error, level=level, method=method, freedom=freedom)


def rerandomized(
    outcome: Numbers,
    arm: Numbers,
    *,
    seed: int,
    blocks: Numbers | None = None,
    covariates: Numbers | None = None,
    level: float = LEVEL,
    draws: int = DRAWS,
) -> Effect:
    """Return the difference of means judged by drawing the lottery again.

    Estimand: a constant effect of the offer. Formula: the lottery is drawn `draws` times within the
    real `blocks` (all together where None), which keeps what is known of every block; covariates
    are taken out by least squares first. The interval holds every effect that the same test does
    not reject: for a difference of means each draw rejects from one value on, so its ends are order
    statistics of these values and nothing is searched (P. R. Rosenbaum, Design of Observational
    Studies, 2010, chapter 2; P. H. Garthwaite, Biometrics 52 (1996) 1387-1393). Exact at any size
    for a constant effect. Same seed, same answer.

    `outcome`, `arm` (n,), `blocks` (n,) labels. An end is None where so few draws differ that no
    value can be ruled out. Raises CannotTell ("one_arm", "no_variation", "one_draw": blocks leave
    nothing to draw).
    """
    y, offered = floats(outcome, what="outcome"), marks(arm, what="arm")
    people = same_length(y, offered)
    both_arms(offered)
    varying(y, offered)
    labels = np.zeros(people, dtype=np.int64) if blocks is None else codes(np.asarray(blocks))
    x = np.column_stack([np.ones(people), columns(covariates, people)])
    values, own = _residual(y, x), _residual(offered.astype(np.float64), x)
    drawn = draw_again(offered, labels, seed=seed, draws=draws)
    first, other = _gap(values, offered[None, :])[0], _gap(values, drawn)
    base, shift = _gap(own, offered[None, :])[0], _gap(own, drawn)
    apart = base - shift
    differ = apart > 1e-9
    if not differ.any():
        raise CannotTell("one_draw", "The blocks leave nothing to draw by lot.")
    at = (first - other[differ]) / apart[differ]
    same = int((~differ).sum())
    estimate = float(first / base)
    low = _bound(np.sort(at), same, draws, level)
    high = _bound(np.sort(-at), same, draws, level)
    above = (1 + same + int((at <= 0).sum())) / (draws + 1)
    below = (1 + same + int((at >= 0).sum())) / (draws + 1)
    return Effect(
        estimate,
        low,
        None if high is None else -high,
        level,
        "rerandomized",
        p=min(1.0, 2 * min(above, below)),
    )


def rerandomized_p(
    values: Numbers,
    arm: Numbers,
    *,
    seed: int,
    blocks: Numbers | None = None,
    draws: int = DRAWS,
) -> float:
    """Return the two-sided p of no effect on anybody, by drawing the lottery again.

    The difference of mean `values` (n,) is compared with what `draws` lotteries within the blocks
    give; with influence values of a pooled curve (`influence_at`) it tests the curves' difference.
    """
    y, offered = floats(values, what="values"), marks(arm, what="arm")
    people = same_length(y, offered)
    both_arms(offered)
    labels = np.zeros(people, dtype=np.int64) if blocks is None else codes(np.asarray(blocks))
    drawn = draw_again(offered, labels, seed=seed, draws=draws)
    own = abs(float(_gap(y, offered[None, :])[0]))
    as_far = int((np.abs(_gap(y, drawn)) >= own - 1e-12).sum())
    return (1 + as_far) / (draws + 1)


def draw_again(offered: Bools, blocks: Ints, *, seed: int, draws: int) -> Bools:
    """Return lotteries (draws, n) with as many offered in every block as there really were."""
    rng = np.random.default_rng(seed)
    order = np.lexsort((np.arange(len(blocks)), blocks))
    numbers = blocks[order]
    keys = rng.random((draws, len(blocks))) + numbers
    shuffled = offered[order][np.argsort(keys, axis=1)]
    drawn = np.empty_like(shuffled)
    drawn[:, order] = shuffled
    return drawn


def first_merge_difference(
    days: Numbers,
    arm: Numbers,
    *,
    seed: int,
    covariates: Numbers | None = None,
    blocks: Numbers | None = None,
    clusters: Numbers | None = None,
    level: float = LEVEL,
) -> Effect:
    """Return the first primary measure: the difference in restricted mean days.

    `days` are `restricted_days`. Under 80 hires by `rerandomized` in the real blocks, from 80 on
    by `mean_difference` (decision 0029); hires who share a mentor always by `mean_difference` with
    their clusters, as a lottery of people says nothing about what a mentor adds.
    """
    people = len(np.asarray(arm))
    if clusters is None and people < RERANDOMIZE_UNDER:
        return rerandomized(days, arm, seed=seed, blocks=blocks, covariates=covariates, level=level)
    return mean_difference(days, arm, covariates=covariates, clusters=clusters, level=level)


def _design(offered: Bools, x: Floats) -> Floats:
    centred = x - x.mean(axis=0)
    return np.column_stack([np.ones(len(offered)), offered, centred, centred * offered[:, None]])


def _clustered(
    design: Floats, bread: Floats, rest: Floats, groups: Ints, offered: Bools
) -> tuple[Floats, tuple[Bools, Bools]]:
    """Each cluster's score with its own leverage taken out, and the arms in which it has people."""
    sides = sides_of(groups, offered)
    pull = np.zeros((len(sides[0]), design.shape[1]))
    for group in range(len(pull)):
        mine = groups == group
        part = design[mine]
        inside = np.eye(len(part)) - part @ bread @ part.T
        try:
            pull[group] = part.T @ np.linalg.solve(inside, rest[mine])
        except np.linalg.LinAlgError:
            raise CannotTell("one_cluster", "One cluster alone decides the result.") from None
    return pull, sides


def sides_of(groups: Ints, offered: Bools) -> tuple[Bools, Bools]:
    """Return which clusters have people offered and waiting; `groups` are codes from 0.

    Raises CannotTell ("one_cluster") where an arm has fewer than 2.
    """
    number = int(groups.max()) + 1
    sides = (
        np.bincount(groups, weights=offered, minlength=number) > 0,
        np.bincount(groups, weights=~offered, minlength=number) > 0,
    )
    if min(int(sides[0].sum()), int(sides[1].sum())) < 2:
        raise CannotTell("one_cluster", "An arm has fewer than 2 clusters: nothing to compare.")
    return sides


def welch(shares: Floats, sides: tuple[Bools, Bools]) -> float:
    """Return Welch's degrees of freedom from what each cluster of each arm adds to the error.

    Where clusters have people in both arms: their number less one.
    """
    if (sides[0] & sides[1]).any():
        return float(len(shares) - 1)
    parts = [float((shares[side] ** 2).sum()) for side in sides]
    if min(parts) <= 0:
        return float(min(side.sum() for side in sides) - 1)
    below = sum(part**2 / (side.sum() - 1) for part, side in zip(parts, sides, strict=True))
    return float(sum(parts) ** 2 / below)


def _residual(values: Floats, x: Floats) -> Floats:
    beta, *_ = np.linalg.lstsq(x, values, rcond=None)
    rest: Floats = values - x @ beta
    return rest


def _gap(values: Floats, offered: Bools) -> Floats:
    """Difference of means, one for each lottery."""
    people = offered.sum(axis=1)
    ours = offered @ values
    gap: Floats = ours / people - (values.sum() - ours) / (offered.shape[1] - people)
    return gap


def _bound(at: Floats, same: int, draws: int, level: float) -> float | None:
    """The smallest effect whose one-sided p is above half of 1 - level."""
    least = math.floor((1 - level) / 2 * (draws + 1) + 1e-9) - same
    return float(at[least - 1]) if 1 <= least <= len(at) else None
