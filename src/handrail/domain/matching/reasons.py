"""Words for reasons in plain English; the rooms have their own, translated, from the same codes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from .plan import Reason, Value

Params = Mapping[str, Value]

PRIVATE: Final = frozenset({"not_with", "conflict"})


def shown(code: str) -> str:
    """The code that may be shown for an exclusion: private ones say only "not available"."""
    return "not_available" if code in PRIVATE else code


def _count(number: Value, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _names(value: Value) -> str:
    names = [str(name) for name in value] if isinstance(value, list) else [str(value)]
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]


def _short(p: Params) -> str:
    return (
        f"{_count(p['people'], 'person shares', 'people share')} the only times of "
        f"{_count(p['mentors'], 'mentor', 'mentors')} with {_count(p['seats'], 'seat', 'seats')}"
    )


def _worth_more(p: Params) -> str:
    return (
        f"{p['mentor']}'s seats go to {_names(p['holders'])}; one more would be worth "
        f"{_count(p['price'], 'point', 'points')}"
    )


def _blockers(p: Params) -> str:
    names = [str(name) for name in p["blockers"]] if isinstance(p["blockers"], list) else []
    return _names([*names, _count(p["others"], "other", "others")] if p["others"] else names)


SENTENCES: Final[Mapping[str, Callable[[Params], str]]] = {
    # why this one
    "skill": lambda p: (
        f"teaches {p['skill']} at level {p['mentor_level']}, own level {p['own_level']}"
    ),
    "language": lambda p: (
        f"both speak {p['language']}" if p["language"] else "a language is taken to be shared"
    ),
    "time": lambda p: (
        f"free together at {_count(p['common'], 'time', 'times')} in the week, this is one of them"
    ),
    "price": lambda p: (
        f"others want this seat too: it is worth {_count(p['price'], 'point', 'points')}"
    ),
    "scarce_seat": lambda p: "somebody else would be served in this seat",
    "free_seat": lambda p: "nobody else needs this seat",
    "pinned": lambda p: "put together by a lead",
    "kept": lambda p: "kept from the published plan",
    # why not that one, and why nobody
    "no_wish": lambda p: "wishes for no skill",
    "no_mentors": lambda p: "there is no mentor",
    "no_skill": lambda p: f"no skill match: no mentor is ahead in {_names(p['skills'])}",
    "no_skill_pair": lambda p: f"{p['mentor']} is not ahead in any wished skill",
    "below_floor": lambda p: (
        f"below the floor: the skills cover {p['share']} % of the wish, {p['floor']} % is asked"
    ),
    "excluded": lambda p: (
        f"nobody who fits may be paired: {_count(p['mentors'], 'mentor is', 'mentors are')} "
        "ruled out"
    ),
    "reporting_line": lambda p: "one leads the other",
    "recent": lambda p: "they met recently",
    "not_available": lambda p: "not available",
    "forbidden": lambda p: "a lead ruled the pair out",
    "no_language": lambda p: "no shared language",
    "no_seats": lambda p: "has no seat this week",
    "no_time": lambda p: (
        f"no common time with {_count(p['mentors'], 'mentor', 'mentors')} who would fit"
    ),
    "no_time_pair": lambda p: "no common time",
    "short_of_seats": _short,
    "too_few_for_group": lambda p: (
        f"a group needs {p['smallest']} people; at most {p['people']} fit the same mentor"
    ),
    "no_group": lambda p: (
        f"at no time can {p['smallest']} people meet; nearest is {p['when']} with {p['mentor']}: "
        f"{p['most']} can, {_blockers(p)} cannot"
    ),
    "short_of_groups": lambda p: "no place is left in a group at the times that suit",
    "group": lambda p: f"a group of {p['size']} at the same time",
    "no_group_there": lambda p: f"{p['mentor']} leads no group at a time that suits",
    "takes_seats": lambda p: f"the project takes {p['seats']} of {p['mentor']}'s seats",
    "seats_taken": lambda p: (
        f"the project takes {_count(p['seats'], 'seat', 'seats')}, mentors who fit have "
        f"{p['free']} left at most"
    ),
    "times_taken": lambda p: "the times that suit are taken by other projects",
    "group_full": lambda p: f"{p['mentor']}'s group is full",
    # why these peers, and why nobody
    "never_met": lambda p: "have not met before",
    "met_before": lambda p: f"last met {_count(p['rounds'], 'round', 'rounds')} ago",
    "third": lambda p: (
        f"{p['person']} joins as third, for whom that happened "
        f"{_count(p['times'], 'time', 'times')} before"
    ),
    "no_peers": lambda p: "there is nobody else",
    "no_peer_language": lambda p: "nobody else shares a language",
    "peers_apart": lambda p: "nobody who shares a language may be paired",
    "met_lately": lambda p: (
        f"met everybody who fits within the last {_count(p['rounds'], 'round', 'rounds')}"
    ),
    "no_peer_time": lambda p: (
        f"no common time with {_count(p['people'], 'person', 'people')} who would fit"
    ),
    "peers_taken": lambda p: (
        f"{_count(p['people'], 'person', 'people')} would fit and meet somebody else"
    ),
    # why this turn of a rota, and why not more evenly
    "only_host": lambda p: "nobody else can then",
    "fewest_turns": lambda p: "nobody else free then has had fewer turns",
    "turn_drawn": lambda p: "others free then have had as many turns; the seed decided",
    "makes_up": lambda p: f"makes up for {_count(p['turns'], 'turn', 'turns')} owed",
    "moved_on": lambda p: f"takes over from {p['absent']}, who owes a turn",
    "nobody_takes_over": lambda p: f"{p['absent']} is away and nobody else can then",
    "no_host": lambda p: "no mentor is free then",
    "no_host_left": lambda p: "the mentors free then have other turns or are at their limit",
    "turns_only_these": lambda p: (
        f"{_count(p['turns'], 'turn', 'turns')} can go to nobody but {_names(p['hosts'])}"
    ),
    "hosts_few_turns": lambda p: (
        f"{_names(p['hosts'])} can take {_count(p['turns'], 'turn', 'turns')} at most"
    ),
    "least_load": lambda p: f"has given the least time so far: {p['minutes']} minutes",
    "more_load": lambda p: f"has given more time than others: {p['minutes']} minutes",
    "load_drawn": lambda p: (
        f"has given as much time as others: {p['minutes']} minutes; the seed decided"
    ),
    "newcomer_at_median": lambda p: "is new and counts as having given the median time",
    "pinned_elsewhere": lambda p: f"a lead put {p['mentee']} together with {p['mentor']}",
    "seat_worth_more": _worth_more,
    "scarce": lambda p: (
        f"{p['mentor']}'s seats go to {_names(p['holders'])}; one more would serve one more"
    ),
    "lower_score": lambda p: f"scores {_count(p['difference'], 'point', 'points')} lower",
    "tie": lambda p: "as good; the seed decided",
    # what would change it
    "more_time": lambda p: f"would be served if free at {p['when']}",
    "mentor_more_time": lambda p: f"would be served if {p['mentor']} were free at {p['when']}",
    "one_more_seat": lambda p: f"would be served with one more seat of {p['mentor']}",
    "lower_floor": lambda p: f"would be served with the floor at {p['floor']} %",
    "one_more_mentor": lambda p: f"would be served by one more mentor for {p['skill']}",
    "one_of_many": lambda p: (
        f"one more mentor for {p['skill']} would serve one more; "
        f"{_count(p['waiting'], 'person waits', 'people wait')} for it"
    ),
    "others_first": lambda p: (
        f"no single change is enough: {_count(p['waiting'], 'person waits', 'people wait')} "
        "for these seats"
    ),
    "name_a_wish": lambda p: "would be considered after naming a skill",
}


def sentence(reason: Reason) -> str:
    """The reason as an English clause without a full stop; raises KeyError for an unknown code."""
    return SENTENCES[reason.code](reason.params)
