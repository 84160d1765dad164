"""Whether a draft may be written, exactly what would be sent for it, and which texts began so."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.utils.translation import gettext as _

from handrail.apps.assistance.models import AssistedProgram, AssistedText
from handrail.apps.calendars.models import Seat
from handrail.apps.connections.models import Connection
from handrail.apps.connections.queries import connections_of_kind
from handrail.apps.organizations.models import ConsentPurpose
from handrail.apps.organizations.queries import is_allowed
from handrail.apps.organizations.refusals import NotFound
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person
from handrail.apps.programs.models import Program
from handrail.apps.sessions.company import coming
from handrail.apps.sessions.models import RoomField, RoomText, Session, SessionState
from handrail.domain.text.redacting import redact

OPEN = (SessionState.RUNNING, SessionState.AWAITING_ARTIFACT)
SENT_FIELDS = (RoomField.NOTES, RoomField.SHARED_NOTES)
LONGEST_SENT = 12_000  # characters


@dataclass(frozen=True, slots=True)
class Prepared:
    """What would be sent, or why nothing is; by its digest no other text is ever sent."""

    text: str
    taken_out: int
    waiting_for: list[Person]  # whose word is missing
    is_open: bool  # the session runs, or waits for its artifact
    endpoint: str  # the connection's name and model, as people are told

    @property
    def may_send(self) -> bool:
        """Whether a draft may be written now."""
        return self.is_open and bool(self.text) and not self.waiting_for

    @property
    def digest(self) -> str:
        """SHA-256 of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def endpoint() -> Connection | None:
    """The administrator's switch: the endpoint that is connected and on."""
    return connections_of_kind("assistance").first()


def allowed_in(program: Program) -> bool:
    """The program's switch."""
    return AssistedProgram.objects.filter(program=program).exists()


def is_offered(session: Session) -> bool:
    """Whether drafts are switched on for a session; everybody's consent is another matter."""
    return session.state in OPEN and allowed_in(session.program) and endpoint() is not None


def prepare(session: Session, *, by: Viewer) -> Prepared:
    """What would be sent for a draft of this session's artifact, names taken out.

    NotFound where drafts are off, like any page that is not there, and for all but its people.
    """
    there = Seat.objects.filter(booking=session.booking).select_related("person").order_by("n")
    people = [seat.person for seat in coming(session, there)]
    server = endpoint()
    if server is None or not allowed_in(session.program) or not _is_one_of(by, people):
        raise NotFound(_("There is no such page."))
    waiting = [
        person for person in people if not is_allowed(person.public_id, ConsentPurpose.ASSISTANCE)
    ]
    text, taken_out = "", 0
    if not waiting:
        found = redact(_text_of(session), Person.objects.values_list("name", flat=True))
        text, taken_out = found.text[:LONGEST_SENT], found.taken_out
    return Prepared(
        text=text,
        taken_out=taken_out,
        waiting_for=waiting,
        is_open=session.state in OPEN,
        endpoint=f"{server.name} ({server.settings.get('model', '')})",
    )


def drafted_with(session: Session) -> list[str]:
    """The models by which drafts were written that people made their own in this session."""
    found = AssistedText.objects.filter(session=session).order_by("accepted_at", "pk")
    return list(dict.fromkeys(found.values_list("model", flat=True)))


def _is_one_of(by: Viewer, people: list[Person]) -> bool:
    return by.may("sessions:write") and any(person.pk == by.person_id for person in people)


def _text_of(session: Session) -> str:
    texts = RoomText.objects.filter(session=session, field__in=SENT_FIELDS).order_by("pk")
    bodies = [text.body.strip() for text in texts if text.body.strip()]
    return "\n\n".join([session.objective, *bodies]) if bodies else ""
