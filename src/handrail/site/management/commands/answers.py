"""`handrail answers reindex|refit`: the search index anew, and where the edge should lie."""

from __future__ import annotations

from argparse import ArgumentParser, RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from handrail.apps.answers.search import meaning
from handrail.apps.answers.search.edges import apply_edge, edges_of, propose_edges
from handrail.apps.answers.search.index import reindex
from handrail.apps.organizations.models import Organization
from handrail.apps.organizations.scope import reading
from handrail.apps.organizations.viewer import Viewer
from handrail.domain.text import Curve
from handrail.domain.text.bands import LABELS_WANTED, WANTED_PRECISION

EPILOG = """\
examples:
  handrail answers reindex                 every organisation's answers, anew
  handrail answers refit                   what outcomes say of each edge; changes nothing
  handrail answers refit --apply 0.68      let hits from .68 on be the answer
"""


class Command(BaseCommand):
    help = "Make the index of answers anew, or see from which likeness on a hit is the answer."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = EPILOG
        parts = parser.add_subparsers(dest="part", required=True, metavar="reindex|refit")
        anew = parts.add_parser("reindex", help="after an update that says so, or a new model")
        refit = parts.add_parser("refit", help="the precision of each edge by logged outcomes")
        refit.add_argument("--apply", type=float, metavar="EDGE", help="from .55 to .80")
        for one in (anew, refit):
            one.add_argument("--organisation", default="", help="only the one of this name")

    def handle(self, *args: Any, **options: Any) -> None:
        organizations = self._organizations(options["organisation"])
        if options["part"] == "reindex":
            for organization in organizations:
                self._reindex(organization)
            return
        edge = options["apply"]
        if edge is not None and len(organizations) > 1:
            raise CommandError("Say for which one: --organisation NAME.", returncode=2)
        for organization in organizations:
            self._refit(organization, edge)

    def _organizations(self, name: str) -> list[Organization]:
        there = list(Organization.objects.filter(erasing_since=None).order_by("name"))
        found = [one for one in there if not name or one.name == name]
        if not found:
            names = ", ".join(one.name for one in there) or "none yet"
            raise CommandError(f"There is no such organisation. There are: {names}.", returncode=2)
        return found

    def _reindex(self, organization: Organization) -> None:
        with reading(organization):
            count = reindex(organization, now=timezone.now())
        word = "answer" if count == 1 else "answers"
        later = " The worker encodes them for search by meaning." if meaning.is_on() else ""
        self.stdout.write(f"{organization.name}: {count} {word} indexed.{later}")

    def _refit(self, organization: Organization, edge: float | None) -> None:
        model = meaning.encoder()
        if model is None:
            raise CommandError(
                "No model is installed: without one no hit is called the answer. "
                "See HANDRAIL_EMBEDDINGS.",
                returncode=2,
            )
        with reading(organization):
            now = timezone.now()
            if edge is not None:
                apply_edge(edge, by=Viewer.system(organization, "operator"), now=now)
            found = propose_edges(organization, now=now)
            edges = edges_of(organization, model.name)
        assert found is not None
        self.stdout.write(
            f"{organization.name}: answer from {edges.answer:.2f} on, perhaps from "
            f"{edges.perhaps:.2f} on ({model.name}, {found.labels} outcomes)."
        )
        self._tell(found)

    def _tell(self, found: Curve) -> None:
        for point in found.points:
            if point.precision is not None:
                self.stdout.write(
                    f"  {point.edge:.2f}  {point.right} of {point.shown} right, "
                    f"{point.precision:.1%} ({point.low:.1%} to {point.high:.1%})"
                )
        if found.proposed is not None:
            self.stdout.write(f"Proposed: --apply {found.proposed.answer:.2f}")
        elif found.labels < LABELS_WANTED:
            self.stdout.write(f"Nothing is proposed below {LABELS_WANTED} outcomes.")
        else:
            self.stdout.write(f"Nothing is proposed: no edge is {WANTED_PRECISION:.0%} right.")
