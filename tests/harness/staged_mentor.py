"""Takes the mentor of the newest group in a demo away: who leads has to name another one.

Run with HANDRAIL_HOME at the demo's folder; prints one page a line: its name, who looks, address.
"""

from __future__ import annotations

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "handrail.site.settings")
    import django  # late: the settings are read from the environment

    django.setup()
    from django.utils import timezone

    from handrail.apps.cohorts.actions import mentor_gone
    from handrail.apps.cohorts.models import Cohort
    from handrail.apps.organizations.models import Organization
    from handrail.apps.organizations.scope import reading
    from handrail.apps.organizations.viewer import Viewer

    organization = Organization.objects.get()
    with reading(organization):
        newest = Cohort.objects.select_related("mentor").order_by("pk").last()
    if newest is None:  # nobody has made one in this demo
        return
    mentor_gone(newest.mentor, by=Viewer.system(organization, "leaving"), now=timezone.now())
    sys.stdout.write(f"cohort-wants-mentor\tadministrator\t/cohorts/{newest.public_id}/\n")


if __name__ == "__main__":
    main()
