"""Words for the reasons of projects, peers and rotas."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

Params = Mapping[str, Any]


def _seats_taken(p: Params) -> str:
    return ngettext(
        "The project takes one seat; mentors who fit have none left.",
        "The project takes %(seats)d seats; mentors who fit have %(free)d left at most.",
        int(p["seats"]),
    ) % {"seats": p["seats"], "free": p["free"]}


def _met_before(p: Params) -> str:
    rounds = int(p["rounds"])
    return ngettext(
        "You last met in the round before this one.", "You last met %(n)d rounds ago.", rounds
    ) % {"n": rounds}


def _third(p: Params) -> str:
    if not p["times"]:
        return _("%(person)s joins as third, for the first time.") % {"person": p["person"]}
    return ngettext(
        "%(person)s joins as third and did so once before.",
        "%(person)s joins as third and did so %(n)d times before.",
        int(p["times"]),
    ) % {"person": p["person"], "n": p["times"]}


def _met_lately(p: Params) -> str:
    rounds = int(p["rounds"])
    return ngettext(
        "Met everybody who fits in the last round.",
        "Met everybody who fits in the last %(n)d rounds.",
        rounds,
    ) % {"n": rounds}


def _no_peer_time(p: Params) -> str:
    people = int(p["people"])
    return ngettext(
        "No common time with the one person who would fit.",
        "No common time with any of the %(n)d people who would fit.",
        people,
    ) % {"n": people}


def _peers_taken(p: Params) -> str:
    people = int(p["people"])
    return ngettext(
        "The one person who would fit meets somebody else.",
        "All %(n)d people who would fit meet somebody else.",
        people,
    ) % {"n": people}


def _turns(number: Any) -> str:
    return ngettext("%(n)d turn", "%(n)d turns", int(number)) % {"n": int(number)}


def _hosts(p: Params) -> str:
    return str(get_text_list([str(name) for name in p["hosts"]], _("and")))


MODELS: Mapping[str, Callable[[Params], str]] = {
    "takes_seats": lambda p: (
        _("The project takes %(seats)d seats of %(mentor)s.")
        % {"seats": p["seats"], "mentor": p["mentor"]}
    ),
    "seats_taken": _seats_taken,
    "times_taken": lambda p: _("The times that suit are taken by other projects."),
    "never_met": lambda p: _("You have not met before."),
    "met_before": _met_before,
    "third": _third,
    "no_peers": lambda p: _("There is nobody else yet."),
    "no_peer_language": lambda p: _("Nobody else shares a language."),
    "peers_apart": lambda p: _("Nobody who shares a language may be paired."),
    "met_lately": _met_lately,
    "no_peer_time": _no_peer_time,
    "peers_taken": _peers_taken,
    "only_host": lambda p: _("Nobody else can then."),
    "fewest_turns": lambda p: _("Nobody else free then has had fewer turns."),
    "turn_drawn": lambda p: _("Others free then have had as many turns; the draw decided."),
    "makes_up": lambda p: _("Makes up for %(turns)s owed.") % {"turns": _turns(p["turns"])},
    "moved_on": lambda p: (
        _("Takes over from %(absent)s, who owes a turn.") % {"absent": p["absent"]}
    ),
    "nobody_takes_over": lambda p: (
        _("%(absent)s is away and nobody else can then.") % {"absent": p["absent"]}
    ),
    "no_host": lambda p: _("No mentor is free then."),
    "no_host_left": lambda p: _("The mentors free then have other turns or are at their limit."),
    "turns_only_these": lambda p: (
        _("%(turns)s can go to nobody but %(hosts)s.")
        % {"turns": _turns(p["turns"]), "hosts": _hosts(p)}
    ),
    "hosts_few_turns": lambda p: (
        _("%(hosts)s: at most %(turns)s together.")
        % {"turns": _turns(p["turns"]), "hosts": _hosts(p)}
    ),
    "least_load": lambda p: (
        _("Has given the least time so far: %(minutes)d minutes.") % {"minutes": p["minutes"]}
    ),
    "more_load": lambda p: (
        _("Has given more time than others: %(minutes)d minutes.") % {"minutes": p["minutes"]}
    ),
    "load_drawn": lambda p: (
        _("Has given as much time as others, %(minutes)d minutes; the draw decided.")
        % {"minutes": p["minutes"]}
    ),
    "newcomer_at_median": lambda p: _("Is new, and counts as having given the median time."),
}
