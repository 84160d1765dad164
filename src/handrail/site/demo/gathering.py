"""A retreat in the demo: planned by the lead, announced, with kit that people bring."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from handrail.apps.people.models import Person
from handrail.apps.people.queries import viewer_for_person
from handrail.apps.programs.models import EnrolmentRole, Program
from handrail.apps.retreats import actions
from handrail.apps.retreats.models import Guest, KitItem, Retreat

LISBON = "Europe/Lisbon"
AHEAD = timedelta(days=29)  # a Tuesday
MENTEES, MENTORS = 4, 2


def plan_gathering(program: Program, lead: Person, *, monday: date, now: datetime) -> Retreat:
    """A two-day kick-off in Lisbon a month ahead, through the verbs that the pages call."""
    by = viewer_for_person(lead)
    retreat = actions.create_retreat(
        "kick-off",
        name="Lisbon kick-off",
        place="Lisbon",
        address="Rua Augusta 12",
        timezone=LISBON,
        starts_on=monday + AHEAD,
        shipping_days=4,
        by=by,
        now=now,
    )
    guests = [
        actions.add_guest(retreat, person, by=by, now=now) for person in _coming(program, lead)
    ]
    actions.announce(retreat, by=by, now=now)
    evening = datetime.combine(monday + AHEAD - timedelta(days=1), time(18), ZoneInfo(LISBON))
    for number, guest in enumerate(guests[:3]):
        actions.save_part(
            guest,
            comes_from=guest.person.timezone.rpartition("/")[2].replace("_", " "),
            arrives_at=evening + timedelta(hours=number),
            needs="Vegetarian food" if number == 1 else "",
            by=viewer_for_person(guest.person),
            now=now,
        )
    _bring(retreat, "Power strip", guests[-1], now)
    _bring(retreat, "Pens and sticky notes", guests[0], now)
    return retreat


def _coming(program: Program, lead: Person) -> list[Person]:
    """The lead, and the first mentees and mentors by name."""
    parts = program.enrolments.filter(left_at=None).select_related("person")
    others = parts.exclude(person=lead).order_by("person__name", "id")
    chosen = [
        *others.filter(role=EnrolmentRole.MENTEE)[:MENTEES],
        *others.filter(role=EnrolmentRole.MENTOR)[:MENTORS],
    ]
    return [lead, *(enrolment.person for enrolment in chosen)]


def _bring(retreat: Retreat, name: str, guest: Guest, now: datetime) -> None:
    item = KitItem.objects.filter(retreat=retreat, name=name).first()
    if item is not None:
        actions.claim_pieces(item, 1, by=viewer_for_person(guest.person), now=now)
