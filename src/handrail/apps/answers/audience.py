"""Who may read which text of an answer: what its owner approved, and every writer said yes to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from handrail.apps.answers.models import (
    Answer,
    AnswerPerson,
    AnswerRevision,
    AnswerState,
    AnswerWriter,
    Audience,
    TextField,
)
from handrail.apps.organizations.models import ConsentPurpose
from handrail.apps.organizations.queries import extents
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom an answer reaches, as far as devices must learn of it."""

    live: bool
    audience: int
    team_id: int | None

    def loses(self, after: Reach) -> bool:
        """Whether somebody who could read it cannot any more."""
        if not self.live:
            return False
        moved = self.team_id != after.team_id and self.audience == Audience.TEAM
        return not after.live or after.audience < self.audience or moved


@dataclass(frozen=True, slots=True)
class Yes:
    """What one writer of a text has said: how far it may go."""

    person: Person
    upto: int
    asked: bool


@dataclass(frozen=True, slots=True)
class TextStanding:
    """One text of a revision: whose words it is, what was approved, how far it goes now."""

    field: str
    text: str
    since: int
    writers: tuple[Yes, ...]
    wanted: int

    @property
    def shown(self) -> int:
        """How far it goes: as far as approved, and as its most careful writer allows."""
        return min([self.wanted, *(yes.upto for yes in self.writers)])

    @property
    def waits_for(self) -> tuple[Person, ...]:
        """The writers without whose yes it does not go as far as approved."""
        return tuple(yes.person for yes in self.writers if yes.upto < self.wanted)


def reach_of(answer: Answer) -> Reach:
    """Whom the answer reaches as it stands."""
    return Reach(answer.state == AnswerState.LIVE, answer.audience, answer.team_id)


def about_of(answer: Answer, field: str, since: int) -> str:
    """What a yes is about in the ledger: one text of one answer, as worded in one revision."""
    return f"answer:{answer.public_id}:{field}:{since}"


def since_of(revisions: Iterable[AnswerRevision], n: int, field: str) -> int:
    """The revision in which a field got the text that it has in revision n."""
    texts = {one.n: getattr(one, field) for one in revisions}
    since = n
    for earlier in sorted((number for number in texts if number < n), reverse=True):
        if texts[earlier] != texts[n]:
            break
        since = earlier
    return since


def standing(answer: Answer, revision: AnswerRevision) -> list[TextStanding]:
    """Each text of a revision with its writers and how far it goes."""
    revisions = list(AnswerRevision.objects.filter(answer=answer))
    since = {field: since_of(revisions, revision.n, field) for field in TextField.values}
    about = {field: about_of(answer, field, since[field]) for field in TextField.values}
    said = extents(list(about.values()), ConsentPurpose.ANSWER_TEXT)
    writers: dict[str, list[Yes]] = {field: [] for field in TextField.values}
    for writer in AnswerWriter.objects.filter(answer=answer).select_related("person"):
        if writer.since != since[writer.field]:
            continue
        upto = said.get((writer.person.public_id, about[writer.field]), "")
        yes = Yes(writer.person, _level(upto), writer.asked_at is not None)
        writers[writer.field].append(yes)
    return [
        TextStanding(
            field=str(field),
            text=getattr(revision, field),
            since=since[field],
            writers=tuple(writers[field]),
            wanted=int(answer.wanted.get(field, Audience.PAIR)),
        )
        for field in TextField.values
    ]


def settle(answer: Answer) -> None:
    """Put onto the answer how far its texts go now; the caller saves it."""
    shown = dict.fromkeys(TextField.values, int(Audience.PAIR))
    if answer.current is not None:
        shown = {one.field: one.shown for one in standing(answer, answer.current)}
    answer.audience = min(shown[TextField.QUESTION], shown[TextField.BODY])
    answer.next_step_to = min(answer.audience, shown[TextField.NEXT_STEP])
    answer.link_to = min(answer.audience, shown[TextField.LINK])


def team_of(viewer: Viewer) -> int | None:
    """The team of the one who reads."""
    if viewer.person_id is None:
        return None
    return Person.objects.filter(pk=viewer.person_id).values_list("team_id", flat=True).first()


def readable(viewer: Viewer, team_id: int | None) -> Q:
    """The condition on answers that this viewer, of this team, may read."""
    return Q(state=AnswerState.LIVE) & (
        Q(audience__gte=Audience.ORGANIZATION) | _closer(viewer, team_id)
    )


def _closer(viewer: Viewer, team_id: int | None) -> Q:
    own = Q(pk__in=AnswerPerson.objects.filter(person_id=viewer.person_id or 0).values("answer_id"))
    if team_id is None:
        return own
    return own | Q(audience__gte=Audience.TEAM, team_id=team_id)


def closeness(*, own: bool, same_team: bool) -> int:
    """The narrowest audience that this reader belongs to: they read every text that goes so far."""
    if own:
        return int(Audience.PAIR)
    return int(Audience.TEAM if same_team else Audience.ORGANIZATION)


def _level(extent: str) -> int:
    names = {level.name.lower(): int(level) for level in Audience}
    return names.get(extent, int(Audience.PAIR))
