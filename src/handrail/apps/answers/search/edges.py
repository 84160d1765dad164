"""From where on a hit is the answer here: the edge that holds, and what people said of hits.

"Solved it" is right. "Not this" is wrong, and so is whatever was said when the same person booked a
session on that skill within a day. Silence says nothing. Only scores of the model in use count:
those of another one mean something else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from handrail.apps.answers.models import EdgeProposal, Look, Outcome, SearchEdges
from handrail.apps.answers.search import meaning
from handrail.apps.calendars.models import Seat, SeatRole
from handrail.apps.organizations.actions import record_audit
from handrail.apps.organizations.models import Organization
from handrail.apps.organizations.refusals import Conflict, Invalid, NotAllowed
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person
from handrail.domain.text import Curve, Edges, Label, curve
from handrail.domain.text.bands import BELOW, HIGHEST, LOWEST

WITHIN = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Standing:
    """What an administrator sees: the model, the edges that hold, what outcomes say of others."""

    model: str
    edges: Edges
    applied_at: datetime | None  # none while nobody has applied any
    curve: Curve
    proposal: EdgeProposal | None


def edges_of(organization: Organization, model: str) -> Edges:
    """The edges that hold for this model here; those measured elsewhere until some were applied."""
    applied = SearchEdges.objects.filter(organization=organization, model=model).first()
    return Edges(applied.answer, applied.perhaps) if applied is not None else Edges()


def labels_of(organization: Organization, model: str) -> list[Label]:
    """What people said of the hits that this model found for them."""
    shown = Look.objects.filter(organization=organization, model=model)
    looks = list(shown.select_related("question", "answer__skill").order_by("pk"))
    booked = _booked(looks)
    labels = []
    for look in looks:
        if look.outcome == Outcome.NOT_THIS or look.pk in booked:
            labels.append(Label(look.score, False))
        elif look.outcome == Outcome.SOLVED:
            labels.append(Label(look.score, True))
    return labels


def standing(viewer: Viewer) -> Standing | None:
    """How bands stand, for an administrator; None where no model is installed."""
    _require_administrator(viewer)
    model = meaning.encoder()
    if model is None:
        return None
    organization = viewer.organization
    applied = SearchEdges.objects.filter(organization=organization, model=model.name).first()
    return Standing(
        model=model.name,
        edges=edges_of(organization, model.name),
        applied_at=applied.applied_at if applied is not None else None,
        curve=curve(labels_of(organization, model.name)),
        proposal=EdgeProposal.objects.filter(model=model.name).first(),
    )


def propose_edges(organization: Organization, *, now: datetime) -> Curve | None:
    """Keep what the outcomes so far propose and apply nothing; None where no model is installed."""
    model = meaning.encoder()
    if model is None:
        return None
    with writing(organization):
        found = curve(labels_of(organization, model.name))
        EdgeProposal.objects.update_or_create(
            organization=organization,
            model=model.name,
            defaults={
                "labels": found.labels,
                "answer": found.proposed.answer if found.proposed is not None else None,
                "found_at": now,
            },
        )
    return found


def apply_edge(answer: float, *, by: Viewer, now: datetime) -> SearchEdges:
    """Let hits from this likeness on be the answer here, and "perhaps" .15 below."""
    _require_administrator(by)
    model = meaning.encoder()
    if model is None:
        raise Conflict(_("No model is installed. Without one no hit is called the answer."))
    if not LOWEST <= answer <= HIGHEST:
        raise Invalid(
            _("Choose an edge between 0.55 and 0.80."),
            fields={"answer": _("Choose one of the edges of the table.")},
        )
    with writing(by.organization):
        person = Person.objects.filter(pk=by.person_id).first() if by.person_id else None
        edges = Edges(round(answer, 2), round(answer - BELOW, 2))
        applied, _made = SearchEdges.objects.update_or_create(
            organization=by.organization,
            model=model.name,
            defaults={
                "answer": edges.answer,
                "perhaps": edges.perhaps,
                "applied_at": now,
                "applied_by": person,
            },
        )
        record_audit(
            by=by,
            verb="answers.edge_applied",
            object_type="organization",
            object_id=str(by.organization.public_id),
            detail={"model": model.name, "answer": edges.answer, "perhaps": edges.perhaps},
            now=now,
        )
    return applied


def _require_administrator(viewer: Viewer) -> None:
    if not viewer.is_administrator or not viewer.may("answers:write"):
        raise NotAllowed(_("Only administrators decide when a hit is called the answer."))


def _booked(looks: list[Look]) -> set[int]:
    """The looks whose asker booked a session on the answer's skill within a day."""
    askers = {look.question.asker_id for look in looks if look.question.asker_id is not None}
    if not askers:
        return set()
    since, until = min(look.shown_at for look in looks), max(look.shown_at for look in looks)
    seats = Seat.objects.filter(
        person_id__in=askers,
        role=SeatRole.MENTEE,
        booking__session__created_at__gte=since,
        booking__session__created_at__lte=until + WITHIN,
    ).values_list(
        "person_id",
        "booking__session__created_at",
        "booking__session__request__skill_id",
        "booking__session__question__skill_id",
        "booking__session__match__skill",
    )
    made: dict[int, list[tuple[datetime, frozenset[Any]]]] = {}
    for person_id, at, *skills in seats:
        made.setdefault(person_id, []).append((at, frozenset(skills)))
    found = set()
    for look in looks:
        skill = look.answer.skill
        if skill is None or look.question.asker_id is None:
            continue
        for at, of in made.get(look.question.asker_id, ()):
            if look.shown_at <= at <= look.shown_at + WITHIN and of & {skill.pk, skill.name}:
                found.add(look.pk)
    return found
