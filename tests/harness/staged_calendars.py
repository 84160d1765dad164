"""Puts connected calendars into a demo, for their pictures: two out of reach, a feed.

Run with HANDRAIL_HOME at the demo's folder; prints one page a line: its name, who looks, address.
"""

from __future__ import annotations

import os
import sys
from datetime import timedelta

WHO = "Ben Singh"


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "handrail.site.settings")
    import django  # late: the settings are read from the environment

    django.setup()
    from django.utils import timezone

    from handrail.apps.calendars import sources
    from handrail.apps.calendars.hours import Day, close_day, set_day
    from handrail.apps.calendars.models import CalendarSource
    from handrail.apps.organizations.models import Organization
    from handrail.apps.organizations.scope import writing
    from handrail.apps.organizations.viewer import Viewer
    from handrail.apps.people.models import Person
    from handrail.apps.people.viewers import viewer_for_person

    now = timezone.now()
    organization = Organization.objects.get(is_demo=True)
    system = Viewer.system(organization, "pictures")
    with writing(organization):
        person = Person.objects.get(name=WHO)
        by = viewer_for_person(person)
        # Names that never lead anywhere: the demo asks nobody.
        sources.add_source(person, "Work", "https://calendar.invalid/ben.ics", by=by, now=now)
        server = "https://calendar.invalid/dav/"
        sources.add_caldav(person, "At home", server, "ben", "app-password", by=by, now=now)
        CalendarSource.objects.filter(name="Work").update(good_at=now - timedelta(minutes=20))
        sources.renew_feed(person, by=by, now=now)
        today = now.date()
        set_day(person, Day(today + timedelta(days=6), ()), by=by, now=now)
        close_day(today + timedelta(days=40), "Team day", by=system, now=now)
    pages = [
        ("calendars-connected", WHO, "/settings/calendars/"),
        ("hours-with-days", WHO, "/settings/hours/"),
        ("closed-days-some", "administrator", "/settings/closed-days/"),
    ]
    sys.stdout.write("\n".join("\t".join(page) for page in pages))


if __name__ == "__main__":
    main()
