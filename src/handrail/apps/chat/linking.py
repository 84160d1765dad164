"""From an account of a chat to a person: a link that the account alone is shown, used once.

Never by an e-mail address: whoever sets one in a chat would be whoever has it here.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from handrail.apps.chat.models import ChatAccount
from handrail.apps.connections.models import Connection
from handrail.apps.organizations.actions import record_audit
from handrail.apps.organizations.consent_texts import say
from handrail.apps.organizations.models import ConsentPurpose
from handrail.apps.organizations.queries import is_allowed
from handrail.apps.organizations.refusals import Conflict, NotAllowed, NotFound
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person

SALT = "handrail.chat.link"
GOOD_FOR = timedelta(minutes=15)
TEXT = "2026-11"  # the words of the page on which somebody says what is told in a chat


@dataclass(frozen=True, slots=True)
class Offer:
    """What a word offers to link, to whoever opens it and is signed in."""

    connection: Connection
    user: str
    handle: str
    digest: str


def link_address(connection: Connection, user: str, handle: str) -> str:
    """The page that links this account to whoever opens it, within a quarter of an hour."""
    said = [str(connection.public_id), user[:64], handle[:80]]
    word = signing.dumps(said, salt=SALT, compress=True)
    return f"{settings.BASE_URL}{reverse('chat_link', args=[word])}"


def to_link(connection: Connection, user: str, handle: str = "") -> str:
    """What somebody is told whose account is linked to nobody yet."""
    address = link_address(connection, user, handle)
    return _(
        "Link this chat account to yours first; the link works once, for 15 minutes: %(link)s"
    ) % {"link": address}


def offer_of(word: str, *, by: Viewer) -> Offer:
    """What the word offers; NotFound where it is too old, used, or of another organisation."""
    _own(by)
    try:
        public_id, user, handle = signing.loads(word, salt=SALT, max_age=GOOD_FOR)
        found = Connection.objects.filter(public_id=UUID(public_id), is_on=True).first()
    except (signing.BadSignature, ValueError, TypeError):
        found = None
    digest = hashlib.sha256(word.encode()).hexdigest()
    if found is None or ChatAccount.objects.filter(connection=found, word=digest).exists():
        raise NotFound(
            _("This link was used, or is too old. Type the command in your chat once more.")
        )
    return Offer(found, user, handle, digest)


def link(word: str, *, by: Viewer, now: datetime) -> ChatAccount:
    """Link the account to the viewer: the word is used up, and their consent is written down."""
    person_id = _own(by)
    with writing(by.organization):
        offer = offer_of(word, by=by)
        person = Person.objects.select_for_update(of=("self",)).get(pk=person_id)
        taken = ChatAccount.objects.filter(
            connection=offer.connection, user=offer.user, ended_at=None
        ).first()
        if taken is not None and taken.person_id != person.pk:
            raise Conflict(
                _("This chat account is linked to somebody else. They must end that first."),
                code="chat-account-taken",
            )
        mine = ChatAccount.objects.filter(connection=offer.connection, person=person, ended_at=None)
        mine.update(ended_at=now, user="", handle="")
        try:
            with transaction.atomic():
                account = ChatAccount.objects.create(
                    organization=by.organization,
                    connection=offer.connection,
                    person=person,
                    user=offer.user,
                    handle=offer.handle,
                    word=offer.digest,
                    linked_at=now,
                )
        except IntegrityError as error:  # the same word twice at once
            raise NotFound(
                _("This link was used, or is too old. Type the command in your chat once more.")
            ) from error
        say(person.public_id, ConsentPurpose.CHAT_LINKED, True, channel="web", by=by, now=now)
        _audit("chat.linked", account, by, now)
    return account


def unlink(public_id: UUID, *, by: Viewer, now: datetime) -> None:
    """End one's own link; the chat acts for nobody from then on, and is told nothing."""
    person_id = _own(by)
    with writing(by.organization):
        account = ChatAccount.objects.filter(
            public_id=public_id, person_id=person_id, ended_at=None
        ).first()
        if account is None:
            raise NotFound(_("There is no such linked account."))
        # What the chat calls them is forgotten; the word stays used up.
        account.ended_at, account.user, account.handle = now, "", ""
        account.save(update_fields=["ended_at", "user", "handle"])
        if not ChatAccount.objects.filter(person_id=person_id, ended_at=None).exists():
            say(
                account.person.public_id,
                ConsentPurpose.CHAT_LINKED,
                False,
                channel="web",
                by=by,
                now=now,
            )
        _audit("chat.unlinked", account, by, now)


def account_of(connection: Connection, user: str, handle: str = "") -> ChatAccount | None:
    """The live link of this account; None where there is none, or its owner took consent back."""
    account = (
        ChatAccount.objects.filter(connection=connection, user=user, ended_at=None)
        .select_related("person__membership__organization", "person__organization", "connection")
        .first()
    )
    if account is None or not _is_good(account):
        return None
    if handle and handle[:80] != account.handle:
        account.handle = handle[:80]
        with writing(connection.organization):
            account.save(update_fields=["handle"])
    return account


def accounts_of(person: Person) -> list[ChatAccount]:
    """The person's live links whose chat is switched on, the oldest first."""
    found = ChatAccount.objects.filter(person=person, ended_at=None, connection__is_on=True)
    accounts = list(found.select_related("connection", "person").order_by("linked_at", "pk"))
    allowed = bool(accounts) and is_allowed(person.public_id, ConsentPurpose.CHAT_LINKED)
    return accounts if allowed else []


def _own(by: Viewer) -> int:
    if not by.may("people:write"):
        raise NotAllowed(_("This key may not change accounts."))
    if by.person_id is None:
        raise NotAllowed(_("Your account takes part in no sessions, so there is nothing to link."))
    return by.person_id


def _is_good(account: ChatAccount) -> bool:
    membership = account.person.membership
    if membership is not None and membership.revoked_at is not None:
        return False  # who may not sign in may not act from a chat either
    return is_allowed(account.person.public_id, ConsentPurpose.CHAT_LINKED)


def _audit(verb: str, account: ChatAccount, by: Viewer, now: datetime) -> None:
    record_audit(
        by=by,
        verb=verb,
        object_type="chat account",
        object_id=account.public_id,
        detail={"kind": account.connection.kind},
        now=now,
    )
