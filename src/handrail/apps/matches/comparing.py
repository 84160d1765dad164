"""Two plans for the same week side by side: who gets what instead, and what was decided between."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from handrail.apps.matches.models import Match, MatchRun, Unmatched
from handrail.apps.matches.proposing import rules_kept
from handrail.apps.matches.queries import WITH_PLAN, telling
from handrail.apps.organizations.refusals import Invalid
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person
from handrail.apps.programs.models import KeepPublished, ShareLoad
from handrail.apps.programs.queries import require_run

SHOWN = 50  # of each kind of change; the rest is counted


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two plans: its proof in numbers, and each of them in words."""

    run: MatchRun
    served: int
    served_bound: int
    fit: float
    bound: float
    gap: float
    served_words: str
    fit_words: str
    gap_words: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A mentee who has a session in both plans, with another mentor or at another time."""

    mentee: Person
    before: Match
    after: Match


@dataclass(frozen=True, slots=True)
class Turned:
    """A mentee with a session in one plan only; `why` there is none in the other."""

    mentee: Person
    match: Match
    why: list[str]


@dataclass(frozen=True, slots=True)
class Some:
    """The first rows of a kind of change, and how many there are in all."""

    rows: list[Any]
    count: int

    @property
    def more(self) -> int:
        return self.count - len(self.rows)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changes from the earlier plan to the later one."""

    before: Side
    after: Side
    another_mentor: Some
    another_time: Some
    newly_served: Some
    lost_place: Some
    unchanged: int
    decided_since: list[str]
    taken_back: list[str]
    settings: list[str]
    rules_known: bool

    @property
    def is_same(self) -> bool:
        kinds = (self.another_mentor, self.another_time, self.newly_served, self.lost_place)
        return not any(kind.count for kind in kinds)


def compare(viewer: Viewer, one: MatchRun, other: MatchRun) -> Comparison:
    """The two plans of one week of a program, the earlier first whichever is named first."""
    require_run(viewer, one.program, "matches:read")
    require_run(viewer, other.program, "matches:read")
    if one.program_id != other.program_id or one.week != other.week:
        raise Invalid(_("Compare two plans for the same week of the same program."))
    if one.status not in WITH_PLAN or other.status not in WITH_PLAN:
        raise Invalid(_("One of the two runs has no plan. Choose another one."))
    before, after = sorted((one, other), key=lambda run: (run.created_at, run.pk))
    was, will = _places(before), _places(after)
    both = [mentee for mentee in was if mentee in will]
    mentors = [mentee for mentee in both if was[mentee][1] != will[mentee][1]]
    times = [
        mentee
        for mentee in both
        if was[mentee][1] == will[mentee][1] and was[mentee][2] != will[mentee][2]
    ]
    return Comparison(
        before=side_of(before),
        after=side_of(after),
        another_mentor=_moved(before, after, mentors),
        another_time=_moved(before, after, times),
        newly_served=_turned(viewer, after, before, [m for m in will if m not in was]),
        lost_place=_turned(viewer, before, after, [m for m in was if m not in will]),
        unchanged=len(both) - len(mentors) - len(times),
        decided_since=_decisions(after, before),
        taken_back=_decisions(before, after),
        settings=_settings(before, after),
        rules_known=bool(before.rules and after.rules),
    )


def _places(run: MatchRun) -> dict[int, tuple[int, int, Any]]:
    rows = run.matches.order_by("mentee__name", "mentee_id")
    return {row[0]: row for row in rows.values_list("mentee_id", "mentor_id", "starts_at")}


def _matches(run: MatchRun, mentees: list[int]) -> dict[int, Match]:
    rows: QuerySet[Match] = run.matches.filter(mentee_id__in=mentees)
    return {row.mentee_id: row for row in rows.select_related("mentee", "mentor")}


def _moved(before: MatchRun, after: MatchRun, mentees: list[int]) -> Some:
    shown = mentees[:SHOWN]
    was, will = _matches(before, shown), _matches(after, shown)
    rows = [Moved(will[mentee].mentee, was[mentee], will[mentee]) for mentee in shown]
    return Some(rows, len(mentees))


def _turned(viewer: Viewer, having: MatchRun, lacking: MatchRun, mentees: list[int]) -> Some:
    """Those with a session in the one plan, and why there was or is none in the other."""
    shown = mentees[:SHOWN]
    matches = _matches(having, shown)
    left = {
        row.person_id: row.reasons
        for row in Unmatched.objects.filter(run=lacking, person_id__in=shown)
    }
    told = telling(viewer, lacking, [reason for reasons in left.values() for reason in reasons])
    return Some(
        [
            Turned(
                matches[mentee].mentee,
                matches[mentee],
                [told(reason) for reason in left[mentee]]
                if mentee in left
                else [_("Was not asked for: had a session already, or did not take part.")],
            )
            for mentee in shown
        ],
        len(mentees),
    )


def side_of(run: MatchRun) -> Side:
    """One plan's proof, in numbers and in words."""
    proof = run.certificate
    served, most = int(proof.get("served", 0)), int(proof.get("served_bound", 0))
    fit, bound = float(proof.get("fit", 0)), float(proof.get("bound", 0))
    gap = float(proof.get("gap", 0))
    asked = proof.get("options", {})
    by_fit_alone = not any(asked.get(name) for name in ("seat_price", "keep_pair", "keep_slot"))
    return Side(
        run=run,
        served=served,
        served_bound=most,
        fit=fit,
        bound=bound,
        gap=gap,
        served_words=_served_words(served, most),
        fit_words=_("Together they fit as well as %(fit)s perfect pairs.") % {"fit": _number(fit)},
        gap_words=_gap_words(gap, bound) if by_fit_alone else _rules_words(gap, bound - fit),
    )


def _served_words(served: int, most: int) -> str:
    people = ngettext("%(n)d person gets a session", "%(n)d people get a session", served) % {
        "n": served
    }
    if served == most:
        return _("%(people)s; no plan can serve more.") % {"people": people}
    return _("%(people)s; no plan can serve more than %(most)d.") % {
        "people": people,
        "most": most,
    }


def _gap_words(gap: float, bound: float) -> str:
    if gap <= 0:
        return _("No plan for as many people fits better: this is proven.")
    return _(
        "No plan for as many people fits better than %(bound)s perfect pairs:"
        " at most %(gap)s percent more."
    ) % {"bound": _number(bound), "gap": number_format(gap * 100, decimal_pos=3)}


def _rules_words(gap: float, more: float) -> str:
    """How near to the best a plan is that weighs other rules against fit."""
    if gap <= 0:
        return _("By this program's rules no plan for as many people is better: this is proven.")
    return _(
        "By this program's rules no plan for as many people is better"
        " by more than %(more)s perfect pairs."
    ) % {"more": _number(more)}


def _number(value: float) -> str:
    return str(number_format(value, decimal_pos=2, force_grouping=True))


def _decisions(having: MatchRun, lacking: MatchRun) -> list[str]:
    """The pins and forbids of the one run that the other does not know, as sentences."""
    found: list[tuple[str, str, str]] = []
    for kind in ("pins", "forbids"):
        there = {tuple(pair) for pair in lacking.rules.get(kind, [])}
        found += [
            (kind, mentee, mentor)
            for mentee, mentor in having.rules.get(kind, [])
            if (mentee, mentor) not in there
        ]
    ids = {one for _kind, mentee, mentor in found for one in (mentee, mentor)}
    people = Person.objects.filter(public_id__in=ids).values_list("public_id", "name")
    names = {str(public_id): name for public_id, name in people}
    words = {
        "pins": _("%(mentee)s and %(mentor)s: keep together"),
        "forbids": _("%(mentee)s and %(mentor)s: do not pair"),
    }
    gone = _("somebody who is not here any more")
    return [
        words[kind] % {"mentee": names.get(mentee, gone), "mentor": names.get(mentor, gone)}
        for kind, mentee, mentor in found
    ]


def _settings(before: MatchRun, after: MatchRun) -> list[str]:
    """What else the two were asked differently, as sentences."""
    told = []
    if before.seed != after.seed:
        told.append(_("Another draw decides between equals."))
    was, now = rules_kept(before), rules_kept(after)
    if not was or not now:
        return told
    if was["keep_published"] != now["keep_published"]:
        told.append(
            _("The plan before is kept %(after)s; it was %(before)s.")
            % {
                "after": KeepPublished(now["keep_published"]).label,
                "before": KeepPublished(was["keep_published"]).label,
            }
        )
    if was["again_after_weeks"] != now["again_after_weeks"]:
        told.append(
            _("Two who met are paired again after %(after)d weeks; it was %(before)d.")
            % {"after": now["again_after_weeks"], "before": was["again_after_weeks"]}
        )
    if was["quality_floor"] != now["quality_floor"]:
        told.append(
            _("A mentor must cover %(after)d percent of a mentee's wishes; it was %(before)d.")
            % {"after": now["quality_floor"], "before": was["quality_floor"]}
        )
    if was["share_load"] != now["share_load"]:
        told.append(
            _("Sessions are shared among the mentors %(after)s; it was %(before)s.")
            % {
                "after": ShareLoad(now["share_load"]).label,
                "before": ShareLoad(was["share_load"]).label,
            }
        )
    return told
