"""The words of postings: what is offered, what is missing, what a page gets wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.utils.dateformat import format as django_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from handrail.domain.hiring import Facts, Kind, Missing
from handrail.domain.hiring.blocks import Block, Items, Paragraph
from handrail.domain.hiring.lint import Code, Finding


def plain_day(day: date) -> str:
    """A date in the words of the language that is active: "Monday 9 February 2026"."""
    return django_format(day, _("l j F Y"))


def amount(facts: Facts) -> str:
    """How much there is: "3 sessions of 20 minutes within 30 days"."""
    words = {"n": facts.sessions, "minutes": facts.minutes, "days": facts.within_days}
    if facts.kind is Kind.OFFICE_HOURS:
        return (
            _(
                "Up to %(n)d times %(minutes)d minutes within %(days)d days, booked when you are"
                " stuck"
            )
            % words
        )
    if facts.kind is Kind.PROJECT:
        return (
            ngettext(
                "%(n)d check-in of %(minutes)d minutes within %(days)d days, on a project of yours",
                "%(n)d check-ins of %(minutes)d minutes within %(days)d days, on a project of"
                " yours",
                facts.sessions,
            )
            % words
        )
    return (
        ngettext(
            "%(n)d session of %(minutes)d minutes within %(days)d days",
            "%(n)d sessions of %(minutes)d minutes within %(days)d days",
            facts.sessions,
        )
        % words
    )


def company(facts: Facts) -> str:
    """With whom one shares the mentor."""
    if facts.is_group:
        return _("One mentor for a group of at most %(seats)d new hires") % {"seats": facts.seats}
    return _("One to one with a mentor")


def block_of(facts: Facts, address: str) -> tuple[Block, ...]:
    """What is pasted into a posting: the same words on the page, in HTML, text and markup."""
    return (
        Paragraph(_("This job comes with mentoring.")),
        Items(
            (
                amount(facts),
                company(facts),
                _("Your mentor: %(role)s") % {"role": facts.mentor_role},
                _("What it is about: %(skills)s") % {"skills": ", ".join(facts.skills)},
                _("The next start: %(day)s") % {"day": plain_day(facts.next_intake)},
            )
        ),
        Paragraph(_("Week by week, and what is recorded: %(address)s") % {"address": address}),
    )


def benefit(facts: Facts) -> str:
    """The same in one line, as it stands in the block: what `jobBenefits` says."""
    return amount(facts)


def badge_words(facts: Facts | None) -> str:
    """What the badge says after its label."""
    if facts is None:
        return _("not currently offered")
    return _("%(n)d × %(minutes)d min in %(weeks)d weeks") % {
        "n": facts.sessions,
        "minutes": facts.minutes,
        "weeks": facts.weeks,
    }


MODELS = {
    Kind.SPEED: gettext_lazy(
        "For each session you say what you want to be able to do afterwards, and meet somebody who"
        " is strong at just that."
    ),
    Kind.COHORT: gettext_lazy(
        "A small group of new hires meets the same mentor every week, and each brings one thing."
    ),
    Kind.OFFICE_HOURS: gettext_lazy(
        "Mentors take turns at fixed hours. When you are stuck you book the next free time."
    ),
    Kind.PROJECT: gettext_lazy(
        "One mentor stays with your first project, from its start to its end."
    ),
}


def how_it_works(facts: Facts) -> tuple[str, ...]:
    """The lines about a session, true of every program."""
    return (
        str(MODELS[facts.kind]),
        _(
            "Before: you write down one objective and tick a short checklist. During: a timer of"
            " %(minutes)d minutes, and an end that holds. After: five minutes in which you write"
            " down what you found out and what comes next."
        )
        % {"minutes": facts.minutes},
        _("You may move or cancel a session, and leave the program at any time. Nobody asks why."),
    )


def recorded(facts: Facts) -> tuple[tuple[str, str], ...]:
    """What is recorded about a new hire, and who sees it: what the product does, no more."""
    return (
        (
            _("Your objective, and when you meet"),
            _("you, your mentor, and who runs the program"),
        ),
        (
            _("Whether a session was held"),
            _("the same, and in counts of five people or more whoever reads reports"),
        ),
        (
            _("Your notes, and what you write down at the end"),
            _("the people of the session; more only if you say so, text by text"),
        ),
        (
            _("When you first did the work on your own, and how long you stay"),
            _("nobody by name: reports show ten people or more together"),
        ),
        (
            _("What your manager sees of your sessions"),
            _("nothing"),
        ),
        (_("Scores, rankings, sound or pictures of you"), _("are not made")),
    )


MISSING: dict[Missing, Callable[[str], str]] = {
    Missing.NO_PROGRAM: lambda _what: _("No program stands behind this job. Choose one."),
    Missing.NOT_RUNNING: lambda _what: _(
        "The program is not running. A lead can start it, unless it is closed: then choose another"
        " one."
    ),
    Missing.NO_MENTOR: lambda _what: _(
        "Nobody mentors in the program yet. A lead enrols a mentor, or opens an intake for a cohort"
        " and names one."
    ),
    Missing.NO_SKILL: lambda _what: _("It is about no skill yet. Name at least one."),
    Missing.NO_MENTOR_FOR: lambda what: (
        _(
            "No mentor of the program offers “%(skill)s”. Leave it out, or have such a mentor"
            " enrolled."
        )
        % {"skill": what}
    ),
    Missing.NO_INTAKE: lambda _what: _(
        "No intake lies ahead, so nobody who is hired now would come in. A lead opens one."
    ),
    Missing.ENDS_TOO_SOON: lambda what: (
        _(
            "The program ends before somebody who starts next has had all of it. It would have to"
            " run until %(day)s."
        )
        % {"day": plain_day(date.fromisoformat(what))}
    ),
}


def why_words(why: Missing, what: str) -> str:
    """Missing there is nothing to offer, and what would help."""
    return MISSING[why](what)


FINDINGS: dict[Code, Callable[[Finding], str]] = {
    Code.UNREADABLE: lambda _f: _("A block of structured data on the page cannot be read."),
    Code.SEVERAL: lambda f: (
        _("The page marks up %(n)s jobs. Search engines take one job a page, and none on lists.")
        % {"n": f.what}
    ),
    Code.NO_MARKUP: lambda _f: _("The page has no structured data of a job."),
    Code.MISSING: lambda f: _("“%(name)s” is missing. It is required.") % {"name": f.what},
    Code.BETTER_WITH: lambda f: _("“%(name)s” is missing. It is recommended.") % {"name": f.what},
    Code.UNKNOWN: lambda f: (
        _(
            "“%(name)s” is no property of a job at schema.org. Take it out; mentoring belongs into"
            " the description and into jobBenefits."
        )
        % {"name": f.what}
    ),
    Code.PAST: lambda f: (
        _("The job was open until %(day)s. Take the structured data off.") % {"day": f.what}
    ),
    Code.NO_DATE: lambda f: (
        _("“%(name)s” holds “%(seen)s”, which is no date.") % {"name": f.what, "seen": f.seen}
    ),
    Code.REMOTE: lambda _f: _(
        "A job that is fully remote may do without jobLocation; not all search engines say so."
    ),
    Code.TEXT_DIFFERS: lambda f: (
        _("“%(name)s” says something that the page does not show in the same words.")
        % {"name": f.what}
    ),
    Code.TAGS: lambda f: (
        _(
            "The description uses %(names)s. Only paragraphs, lists and line breaks are sure"
            " to count."
        )
        % {"names": f.what}
    ),
    Code.BLOCK_MISSING: lambda _f: _("The page does not show the offer. Paste it in."),
    Code.BLOCK_OLD: lambda _f: _("The page shows an older offer. Paste the one of today."),
    Code.BLOCK_NOT_MARKED: lambda _f: _(
        "The page shows the offer, and its structured data leave it out. Add it to the description."
    ),
    Code.BLOCK_MARKED_ONLY: lambda _f: _(
        "The structured data hold the offer, and the page does not show it. Paste it in."
    ),
    Code.BLOCK_STILL_THERE: lambda _f: _(
        "The offer does not stand any more, and the page still shows it. Take it off."
    ),
}


def finding_words(finding: Finding) -> str:
    """What a page gets wrong, and what to do."""
    return FINDINGS[finding.code](finding)
