"""Puts a match run in the making into a demo, for its picture: no worker takes it up.

Run with HANDRAIL_HOME at the demo's folder; prints one page a line: its name, who looks, address.
"""

from __future__ import annotations

import os
import sys
from datetime import timedelta


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "handrail.site.settings")
    import django  # late: the settings are read from the environment

    django.setup()
    from django.utils import timezone

    from handrail.apps.matches.models import MatchRun, RunStatus, Stage
    from handrail.apps.organizations.models import Organization
    from handrail.apps.organizations.scope import writing
    from handrail.apps.programs.models import Program

    organization = Organization.objects.get(is_demo=True)
    with writing(organization):
        program = Program.objects.latest("starts_on")
        run = MatchRun.objects.create(
            organization=organization,
            program=program,
            week=program.starts_on + timedelta(weeks=52),
            seed=program.seed,
            status=RunStatus.RUNNING,
            stage=Stage.SOLVING,
            created_at=timezone.now(),
            created_by="pictures",
        )
    sys.stdout.write(f"match-making\tlead\t/matches/{run.public_id}/")


if __name__ == "__main__":
    main()
