"""Puts signed statements, named groups and a report of harm into a demo, for their pictures.

Run with HANDRAIL_HOME at the demo's folder; prints one page a line: its name, who looks, address.
"""

from __future__ import annotations

import os
import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from handrail.apps.organizations.viewer import Viewer

ADMINISTRATOR, CONTACT = "Adele Winter", "Carla Berg"
Pages = list[tuple[str, str, str]]


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "handrail.site.settings")
    import django  # late: the settings are read from the environment

    django.setup()
    from django.utils import timezone

    from handrail.apps.organizations.models import Organization
    from handrail.apps.organizations.scope import reading
    from handrail.apps.people.models import Person
    from handrail.apps.people.queries import viewer_for_person

    now = timezone.now()
    organization = Organization.objects.get(is_demo=True)
    with reading(organization):
        runs = viewer_for_person(Person.objects.get(name=ADMINISTRATOR))
        pages = [*_statements(runs, now), *_groups(runs, now), *_harm(runs, now)]
    sys.stdout.write("\n".join("\t".join(page) for page in pages))


def _statements(runs: Viewer, now: datetime) -> Pages:
    """One statement that its mentee shares, one that was taken back; badges are on."""
    from handrail.apps.calendars.models import Seat, SeatRole
    from handrail.apps.organizations.consent_texts import say
    from handrail.apps.people.queries import viewer_for_person
    from handrail.apps.records import attesting, badges
    from handrail.apps.sessions.models import Session, SessionState

    badges.switch_badges(True, by=runs, now=now)
    made = []
    held = Session.objects.filter(state=SessionState.CLOSED, artifact__isnull=False)
    for session, words in zip(
        held.order_by("-booking__starts_at", "pk")[:2],
        (
            "Split a change of forty files into three that could be read alone, and said why.",
            "Found the setting alone.",
        ),
        strict=True,
    ):
        seats = Seat.objects.filter(booking=session.booking).select_related("person")
        mentor = seats.filter(role=SeatRole.MENTOR)[0].person
        mentee = seats.filter(role=SeatRole.MENTEE)[0].person
        signs, shares = viewer_for_person(mentor), viewer_for_person(mentee)
        say(mentor.public_id, "attestation", True, channel="web", by=signs, now=now)
        one = attesting.attest(session, mentee, words, by=signs, now=now)
        attesting.share(one, True, by=shares, now=now)
        made.append((session, one, mentor, mentee, signs))
    attesting.revoke(made[1][1], by=made[1][4], now=now)
    session, one, mentor, mentee, _signs = made[0]
    public = f"/attested/{runs.organization.public_id}"
    return [
        ("statement-mentor", mentor.name, f"/sessions/{session.public_id}/statements/"),
        ("statement-mentee", mentee.name, f"/sessions/{session.public_id}/statements/"),
        ("statement-public", "nobody", f"{public}/{one.public_id}/"),
        ("statement-taken-back", "nobody", f"{public}/{made[1][1].public_id}/"),
        ("records-badges", ADMINISTRATOR, "/records/"),
    ]


def _groups(runs: Viewer, now: datetime) -> Pages:
    """Two groups that may be shown, of which one gets much less, in a run of its own."""
    from handrail.apps.matches.models import Match, MatchRun, RunStatus, Unmatched
    from handrail.apps.people.models import Person
    from handrail.apps.people.queries import viewer_for_person
    from handrail.apps.programs.actions import create_program, enrol
    from handrail.apps.records.fairness import put_question, say_group

    organization, day = runs.organization, now.date()
    mentor = Person.objects.filter(role="mentor").order_by("pk")[0]
    program = create_program(
        "tooling-start", name="For everybody", starts_on=day, by=runs, now=now, leads=[mentor]
    )
    run = MatchRun.objects.create(
        organization=organization,
        program=program,
        week=day - timedelta(days=day.weekday()),
        seed=1,
        status=RunStatus.PUBLISHED,
        created_at=now,
        created_by=runs.actor,
        published_at=now,
    )
    choices = ["Europe", "Elsewhere"]
    question = put_question("Where do you live?", choices, by=runs, now=now)
    for number in range(48):
        person = Person.objects.create(
            organization=organization,
            external_id=f"group-{number}",
            name=f"Person {number + 1}",
            email=f"group-{number}@example.org",
            role="mentee",
            timezone="Europe/Lisbon",
        )
        enrol(program, person, "mentee", by=runs, now=now)
        group = number % 2
        say_group(question.public_id, choices[group], by=viewer_for_person(person), now=now)
        if number < (44, 20)[group]:
            Match.objects.create(
                organization=organization,
                run=run,
                mentee=person,
                mentor=mentor,
                starts_at=now,
                minutes=20,
                score=1,
            )
        else:
            Unmatched.objects.create(organization=organization, run=run, person=person)
    own = Person.objects.filter(role="mentee", membership__isnull=False).order_by("name")[0]
    say_group(question.public_id, choices[0], by=viewer_for_person(own), now=now)
    return [
        ("groups-filled", ADMINISTRATOR, "/records/groups/"),
        ("groups-own", own.name, "/settings/data/"),
    ]


def _harm(runs: Viewer, now: datetime) -> Pages:
    """A report that nobody has seen yet, and one that is talked about."""
    from handrail.apps.calendars.models import Seat, SeatRole
    from handrail.apps.people.models import Person
    from handrail.apps.people.queries import viewer_for_person
    from handrail.apps.safeguarding import actions

    contact = Person.objects.get(name=CONTACT)
    actions.name_contacts([contact, Person.objects.get(name=ADMINISTRATOR)], by=runs, now=now)
    over = Seat.objects.filter(role=SeatRole.MENTEE, booking__ends_at__lt=now)
    seat = over.exclude(booking__session=None).select_related("person", "booking__session")[0]
    tells = viewer_for_person(seat.person)
    fresh, seen = (
        actions.report_harm(
            "session", seat.booking.session.public_id, text, concerned=None, by=tells, now=now
        )
        for text in (
            "Somebody shouted in the background, twice.",
            "I was asked for my password, so that it would go faster.\nI did not give it.",
        )
    )
    cares = viewer_for_person(contact)
    actions.read(seen, by=cares, now=now)
    actions.acknowledge(seen, by=cares, now=now)
    actions.say(
        seen, "reply", "Thank you. I ask them tomorrow, without your name.", by=cares, now=now
    )
    actions.say(seen, "note", "Ask the people who run the laptops as well.", by=cares, now=now)
    actions.say(seen, "added", "It was the second time, by the way.", by=tells, now=now)
    return [
        ("harm-tended", CONTACT, "/safety/"),
        ("harm-waiting", CONTACT, f"/safety/{fresh.public_id}/"),
        ("harm-seen", CONTACT, f"/safety/{seen.public_id}/"),
        ("harm-own", seat.person.name, f"/safety/{seen.public_id}/"),
        ("harm-contacts-named", ADMINISTRATOR, "/safety/contacts/"),
    ]


if __name__ == "__main__":
    main()
