"""Words for the engine's reasons: the same codes as in `domain.matching`, translatable."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.formats import number_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from handrail.apps.matches.gain_words import gained
from handrail.apps.matches.model_words import MODELS

Params = Mapping[str, Any]
Names = Mapping[str, str]  # the engine's id of a person -> their name
TimeOf = Callable[[int], str]  # a slot of the week -> its time as the reader's clock shows it


def _list(values: Any) -> str:
    items = [str(value) for value in values] if isinstance(values, list) else [str(values)]
    return str(get_text_list(items, _("and")))


def _filled(text: str, number: Any) -> str:
    return text % {"n": int(number)}


def _mentors(number: Any) -> str:
    return _filled(ngettext("%(n)d mentor", "%(n)d mentors", int(number)), number)


def _points(number: Any) -> str:
    return _filled(ngettext("%(n)d point", "%(n)d points", int(number)), number)


def _skill(p: Params) -> str:
    return _("Strong at %(skill)s: level %(level)d of 5, you start at %(own)d.") % {
        "skill": p["skill"],
        "level": p["mentor_level"],
        "own": p["own_level"],
    }


def _language(p: Params) -> str:
    if not p["language"]:
        return _("You share a language.")
    return _("You both speak %(language)s.") % {"language": p["language"]}


def _time(p: Params) -> str:
    told = ngettext(
        "You have one time in common this week, and this is it.",
        "You have %(n)d times in common this week; this is one of them.",
        int(p["common"]),
    )
    return _filled(told, p["common"])


def _price(p: Params) -> str:
    return _(
        "Others would like this seat too; the plan as a whole is better with it here (%(points)s)."
    ) % {"points": _points(p["price"])}


def _short_of_seats(p: Params) -> str:
    people = ngettext("One person", "%(n)d people", int(p["people"]))
    seats = ngettext("%(n)d seat", "%(n)d seats", int(p["seats"]))
    return _("%(people)s share the only times of %(mentors)s with %(seats)s.") % {
        "people": _filled(people, p["people"]),
        "mentors": _mentors(p["mentors"]),
        "seats": _filled(seats, p["seats"]),
    }


def _one_of_many(p: Params) -> str:
    people = ngettext("one person waits", "%(n)d people wait", int(p["waiting"]))
    return _("One more mentor for %(skill)s would serve one person more; %(people)s for it.") % {
        "skill": p["skill"],
        "people": _filled(people, p["waiting"]),
    }


def _others_first(p: Params) -> str:
    people = ngettext("one person waits", "%(n)d people wait", int(p["waiting"]))
    return _("No single change is enough: %(people)s for these seats.") % {
        "people": _filled(people, p["waiting"])
    }


def _seat_worth_more(p: Params) -> str:
    return _("%(mentor)s meets %(holders)s instead; one more seat would be worth %(points)s.") % {
        "mentor": p["mentor"],
        "holders": _list(p["holders"]),
        "points": _points(p["price"]),
    }


def _scarce(p: Params) -> str:
    return _("%(mentor)s meets %(holders)s; otherwise fewer people would be served.") % {
        "mentor": p["mentor"],
        "holders": _list(p["holders"]),
    }


def _no_group(p: Params) -> str:
    blockers = list(p["blockers"])
    if p["others"]:
        others = ngettext("one other person", "%(n)d others", int(p["others"]))
        blockers.append(_filled(others, p["others"]))
    return _(
        "At no time can %(smallest)d people meet. Nearest is %(when)s with %(mentor)s: "
        "%(most)d can, %(blockers)s cannot."
    ) % {
        "smallest": p["smallest"],
        "when": p["when"],
        "mentor": p["mentor"],
        "most": p["most"],
        "blockers": _list(blockers),
    }


def _who(p: Params) -> str:
    name, why = str(p["mentor"]), str(p["why"])
    return why if why.startswith(name) else f"{name}: {why}"


def _with_takers(told: str, p: Params) -> str:
    """A change of a mentor's, and who could take it, where somebody gets a session by it."""
    return f"{told} {_could_take(p['waiting'])}" if p["gain"]["people_at_most"] != 0 else told


def _could_take(waiting: Any) -> str:
    if not waiting:
        return _("Somebody else would move there and make room.")
    told = ngettext(
        "One person who waits could take it.", "%(n)d people who wait could take it.", int(waiting)
    )
    return _filled(told, waiting)


def _runner_up(p: Params) -> str:
    name, because = {"mentor": p["mentor"]}, p["because"]["code"]
    if because == "scarce":
        return _("Runner-up: %(mentor)s, but then fewer people would be served.") % name
    difference = int(p["difference"])
    if difference <= 0:
        return _("Runner-up: %(mentor)s, just as good for everybody; the draw decided.") % name
    if because == "lower_score":
        told = ngettext(
            "Runner-up: %(mentor)s, %(n)s point less; a perfect fit has 10,000.",
            "Runner-up: %(mentor)s, %(n)s points less; a perfect fit has 10,000.",
            difference,
        )
    else:
        told = ngettext(
            "Runner-up: %(mentor)s, at least %(n)s point less for everybody together: that seat"
            " suits somebody else more.",
            "Runner-up: %(mentor)s, at least %(n)s points less for everybody together: that seat"
            " suits somebody else more.",
            difference,
        )
    return told % {**name, "n": number_format(difference, force_grouping=True)}


SENTENCES: Mapping[str, Callable[[Params], str]] = {
    "skill": _skill,
    "language": _language,
    "time": _time,
    "price": _price,
    "scarce_seat": lambda p: _("Others would be served in this seat too; it is scarce."),
    "free_seat": lambda p: _("Nobody else needs this seat."),
    "pinned": lambda p: _("A lead keeps you two together."),
    "kept": lambda p: _("Kept from the plan before this one."),
    "no_wish": lambda p: _("No skill is wished for. Add one to the profile."),
    "no_mentors": lambda p: _("No mentor takes part yet."),
    "no_skill": lambda p: _("No mentor is ahead in %(skills)s.") % {"skills": _list(p["skills"])},
    "no_skill_pair": lambda p: (
        _("%(mentor)s is not ahead in any wished skill.") % {"mentor": p["mentor"]}
    ),
    "below_floor": lambda p: (
        _("The skills cover %(share)d percent of the wish; %(floor)d percent is asked.")
        % {"share": p["share"], "floor": p["floor"]}
    ),
    "excluded": lambda p: (
        _("Nobody who fits may be paired: %(mentors)s ruled out.")
        % {"mentors": _mentors(p["mentors"])}
    ),
    "reporting_line": lambda p: _("One of them leads the other."),
    "recent": lambda p: _("They met recently."),
    "not_available": lambda p: _("Not available."),
    "forbidden": lambda p: _("A lead ruled this pair out."),
    "no_language": lambda p: _("No shared language."),
    "no_seats": lambda p: _("No seat left this week."),
    "no_time": lambda p: (
        _("No common time with %(mentors)s who would fit.") % {"mentors": _mentors(p["mentors"])}
    ),
    "no_time_pair": lambda p: _("No common time."),
    "short_of_seats": _short_of_seats,
    "too_few_for_group": lambda p: (
        _("A group needs %(smallest)d people; at most %(people)d fit the same mentor.")
        % {"smallest": p["smallest"], "people": p["people"]}
    ),
    "no_group": _no_group,
    "short_of_groups": lambda p: _("No place is left in a group at the times that suit."),
    "group": lambda p: _("A group of %(size)d at the same time.") % {"size": p["size"]},
    "no_group_there": lambda p: (
        _("%(mentor)s leads no group at a time that suits.") % {"mentor": p["mentor"]}
    ),
    "group_full": lambda p: _("The group of %(mentor)s is full.") % {"mentor": p["mentor"]},
    "pinned_elsewhere": lambda p: (
        _("A lead keeps %(mentee)s and %(mentor)s together.")
        % {"mentee": p["mentee"], "mentor": p["mentor"]}
    ),
    "seat_worth_more": _seat_worth_more,
    "scarce": _scarce,
    "lower_score": lambda p: (
        _("Fits less well, by %(points)s.") % {"points": _points(p["difference"])}
    ),
    "tie": lambda p: _("Fits as well; the draw decided."),
    "more_time": lambda p: _("Would be served if free at %(when)s.") % {"when": p["when"]},
    "mentor_more_time": lambda p: (
        _("Would be served if %(mentor)s were free at %(when)s.")
        % {"mentor": p["mentor"], "when": p["when"]}
    ),
    "one_more_seat": lambda p: (
        _("Would be served with one more seat of %(mentor)s.") % {"mentor": p["mentor"]}
    ),
    "lower_floor": lambda p: (
        _("Would be served with a floor of %(floor)d percent.") % {"floor": p["floor"]}
    ),
    "one_more_mentor": lambda p: (
        _("Would be served by one more mentor for %(skill)s.") % {"skill": p["skill"]}
    ),
    "one_of_many": _one_of_many,
    "others_first": _others_first,
    "name_a_wish": lambda p: _("Would be considered after naming a skill."),
    **MODELS,
    # This room's own.
    "no_objective": lambda p: _("No objective yet. Without one nothing can be booked."),
    "objectives_missing": lambda p: (
        ngettext(
            "%(n)d objective of this program is not written yet.",
            "%(n)d objectives of this program are not written yet.",
            p["n"],
        )
        % {"n": p["n"]}
    ),
    "paused": lambda p: _("Pauses until %(until)s.") % {"until": p["until"]},
    "who": _who,
    "runner_up": _runner_up,
    "help_seat": lambda p: _with_takers(
        _("One more seat of %(mentor)s: %(gain)s.")
        % {"mentor": p["mentor"], "gain": gained(p["gain"])},
        p,
    ),
    "help_hour": lambda p: _with_takers(
        _("One more hour of %(mentor)s, %(when)s: %(gain)s.")
        % {"mentor": p["mentor"], "when": p["when"], "gain": gained(p["gain"])},
        p,
    ),
}

# Why a run that a worker was to do came to nothing.
FAILURES: Mapping[str, Callable[[Params], str]] = {
    "problem": lambda p: f"{p['person']}: {p['message']}" if p["person"] else p["message"],
    "faulty": lambda p: _(
        "The plan did not pass its own check, so it is not shown. Please report this."
    ),
    "memory": lambda p: _("This machine has too little memory for so many people."),
    "too_long": lambda p: (
        _("It took longer than %(minutes)d minutes and was ended.") % {"minutes": p["minutes"]}
    ),
    "closed": lambda p: _("The program was closed meanwhile."),
}

PEOPLE = ("mentor", "mentee", "holders", "blockers", "absent", "hosts", "person")


def sentence(
    reason: Mapping[str, Any], names: Names | None = None, at: TimeOf | None = None
) -> str:
    """One reason as a sentence in the active language, people by name, slots by the time `at`."""
    params = dict(reason.get("params", {}))
    if at and "when" in params and "slot" in params:
        params["when"] = at(int(params["slot"]))
    if names:
        for key in PEOPLE:
            value = params.get(key)
            if isinstance(value, str):
                params[key] = names.get(value, value)
            elif isinstance(value, list):
                params[key] = [names.get(str(item), str(item)) for item in value]
    if "because" in params:
        params["why"] = sentence(params["because"], names, at)
    return SENTENCES[reason["code"]](params)


def why_failed(failure: Mapping[str, Any], names: Names | None = None) -> str:
    """Why a run came to nothing, as a sentence in the active language."""
    params = dict(failure.get("params", {}))
    if names and "person" in params:
        params["person"] = names.get(params["person"], params["person"])
    told = FAILURES.get(str(failure.get("code", "")))
    if told is None:  # the work was lost: a worker ended, the machine was restarted
        return _("The work was interrupted twice. Match the week again.")
    return told(params)


def people_in(reasons: Iterable[Mapping[str, Any]]) -> set[str]:
    """The engine's ids of everybody whom these reasons name."""
    found: set[str] = set()
    for reason in reasons:
        params = reason.get("params", {})
        for key in PEOPLE:
            value = params.get(key)
            found |= {value} if isinstance(value, str) else set(map(str, value or []))
        if "because" in params:
            found |= people_in([params["because"]])
    return found
