"""Office hours in Slack: where no mentor can be asked, a time in the next turns is booked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from handrail.apps.chat.models import ChatAccount
from handrail.apps.chat.wording import is_id, objective_box, only_shown, page, refused_in, short
from handrail.apps.office_hours import actions, queries
from handrail.apps.office_hours.models import Rota
from handrail.apps.organizations.refusals import Refusal
from handrail.apps.people.models import Person, Skill
from handrail.apps.people.viewers import viewer_for_person
from handrail.apps.programs.models import EnrolmentRole
from handrail.integrations import slack
from handrail.integrations.slack import Choice, Group

VISIT = "visit"
OFFERED = 60  # times, the earliest first


def office_hours_of(person: Person) -> list[Rota]:
    """The running office hours in which the person may book."""
    viewer = viewer_for_person(person)
    return [rota for rota in queries.rotas_for(viewer) if queries.is_eligible(rota, person)]


def skills_there(rotas: list[Rota]) -> list[Skill]:
    """What the people who hold these office hours know, by name."""
    hosts = Person.objects.filter(
        enrolments__program__in=[rota.program_id for rota in rotas],
        enrolments__role=EnrolmentRole.MENTOR,
        enrolments__left_at=None,
    )
    return list(Skill.objects.filter(pk__in=hosts.values("offers__skill_id")).order_by("name"))


def visit_view(
    person: Person,
    skill: Skill | None,
    *,
    fits: Callable[[datetime], bool],
    why: str,
    objective: str,
    now: datetime,
) -> dict[str, Any] | None:
    """The form with the next free times; None where there is none within what was asked."""
    found = queries.next_slots(viewer_for_person(person), skill, now=now, limit=None)
    groups: dict[str, list[Choice]] = {}
    for slot in [one for one in found if fits(one.starts_at)][:OFFERED]:
        label = f"{slot.program.name}: {slot.host.name}"
        value = f"{slot.turn.public_id} {slot.starts_at.isoformat()}"
        groups.setdefault(label, []).append(Choice(short(slot.starts_at, person), value))
    if not groups:
        return None
    blocks = [
        slack.section(slack.as_words(why)),
        slack.choose(
            "choice",
            _("With whom, and when"),
            [Group(label, tuple(choices)) for label, choices in groups.items()],
        ),
        objective_box(objective),
        slack.small(
            _("The time is yours as soon as you book it. All office hours: %(page)s")
            % {"page": page("office_hours_all")}
        ),
    ]
    return slack.modal(
        VISIT,
        _("Office hours"),
        blocks,
        submit=_("Book"),
        close=_("Not now"),
    )


def visit(account: ChatAccount, submitted: slack.Submitted, now: datetime) -> dict[str, Any]:
    """Book, by the page's own action; what is refused stands beside its field."""
    person, said = account.person, submitted.said
    turn_id, _blank, start = said.get("choice", "").partition(" ")
    starts_at = parse_datetime(start)
    if not is_id(turn_id) or starts_at is None or starts_at.tzinfo is None:
        return slack.errors({"choice": _("Choose one of the times.")})
    by = viewer_for_person(person)
    try:
        session = actions.book(
            queries.turn_for(by, UUID(turn_id)),
            starts_at,
            said.get("objective", ""),
            by=by,
            now=now,
            # The same form handed in twice is booked once.
            key=f"slack:{account.public_id}:{submitted.view[:60]}",
        )
    except Refusal as refusal:
        return slack.errors(refused_in(refusal, person))
    words = _("Booked: %(when)s. Everything else is in the room: %(page)s") % {
        "when": short(session.booking.starts_at, person),
        "page": page("room", session.public_id),
    }
    return slack.shown_instead(only_shown(words))
