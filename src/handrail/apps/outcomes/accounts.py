"""Whose account on a code host is whose here: claimed and confirmed, or linked by who may.

An account is its host and the host's number of it. Names there change and may be taken by somebody
else, so they are shown to recognise somebody by, and never matched.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from handrail.apps.connections.actions import retry
from handrail.apps.connections.events import AUTHOR_UNKNOWN, author_of
from handrail.apps.connections.models import Event, EventState
from handrail.apps.organizations.actions import record_audit, record_consent
from handrail.apps.organizations.models import ConsentPurpose
from handrail.apps.organizations.queries import consent
from handrail.apps.organizations.refusals import Conflict, Invalid, NotAllowed, NotFound
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outcomes.models import LinkedAccount
from handrail.apps.people.models import Person
from handrail.apps.programs.models import Enrolment
from handrail.apps.programs.queries import led_programs

TEXT_VERSION = "account_linked.1"
MOST = 10  # of one person
LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Author:
    """Somebody who wrote merged changes and is linked to nobody here."""

    host: str
    number: int
    login: str
    events: int


def account_name(host: str, number: int) -> str:
    """An account in one text, as events are put aside under it."""
    return f"{host}#{number}"


def person_of(host: str, number: int) -> Person | None:
    """Whose account this is, as somebody who may say so confirmed it."""
    found = (
        LinkedAccount.objects.filter(host=host.lower(), number=number)
        .exclude(confirmed_at=None)
        .select_related("person")
        .first()
    )
    return found.person if found else None


def accounts_of(viewer: Viewer) -> QuerySet[LinkedAccount]:
    """One's own, and those of the people whose accounts the viewer may confirm."""
    accounts = LinkedAccount.objects.select_related("person").order_by("person__name", "id")
    if viewer.is_administrator:
        return accounts
    led = Enrolment.objects.filter(program__in=led_programs(viewer), left_at=None)
    return accounts.filter(
        Q(person_id=viewer.person_id or 0) | Q(person_id__in=led.values("person_id"))
    )


def may_settle_any(viewer: Viewer) -> bool:
    """Whether the viewer sees authors that nobody is linked to: administrators and leads."""
    return viewer.is_administrator or led_programs(viewer).exists()


def authors_unknown(viewer: Viewer) -> list[Author]:
    """Who wrote changes that wait for a link, those with most first; for who may link them."""
    if not may_settle_any(viewer):
        raise NotAllowed(_("Only a lead of a program or an administrator links accounts."))
    found: dict[tuple[str, int], list[str]] = {}
    for event in _waiting().select_related("connection"):
        host, number, login = author_of(event)
        found.setdefault((host, number), []).append(login)
    authors = [
        Author(host, number, next(filter(None, reversed(logins)), ""), len(logins))
        for (host, number), logins in found.items()
    ]
    return sorted(authors, key=lambda one: (-one.events, one.host, one.number))


def claim_account(host: str, number: str, *, by: Viewer, now: datetime) -> LinkedAccount:
    """Say that an account is one's own; it counts once somebody else who may has confirmed it.

    `number` is the host's number of it, or its name there where a change of it waits: the number is
    taken from that change, and kept.
    """
    person = Person.objects.filter(pk=by.person_id or 0).first()
    if person is None or not by.may("people:write"):
        raise NotAllowed(_("Your account takes part in no sessions, so there is nothing to set."))
    with writing(by.organization):
        host, wanted, login = _checked(host, number)
        account = _put(person, host, wanted, login, by, now)
        record_consent(
            person.public_id,
            ConsentPurpose.ACCOUNT_LINKED,
            True,
            text_version=TEXT_VERSION,
            channel="accounts",
            by=by,
            now=now,
        )
        _audit("account.claimed", account, by, now)
    return account


def link_account(
    person: Person, host: str, number: str, *, by: Viewer, now: datetime
) -> LinkedAccount:
    """Say whose account this is, as an administrator or a lead of theirs; what waited is taken."""
    _require_settle(by, person)
    with writing(by.organization):
        if consent(person.public_id, ConsentPurpose.ACCOUNT_LINKED) is False:
            raise Conflict(
                _("They took a link to an account of theirs away. Ask them to claim it again."),
                code="link-refused",
            )
        host, wanted, login = _checked(host, number)
        account = _put(person, host, wanted, login, by, now)
        _confirm(account, by, now)
        _audit("account.linked", account, by, now)
    return account


def confirm_account(public_id: UUID, *, by: Viewer, now: datetime) -> LinkedAccount:
    """Confirm what somebody said of an account; what waited for it is taken."""
    with writing(by.organization):
        account = _found(by, public_id)
        _require_settle(by, account.person)
        if account.confirmed_at is None:
            _confirm(account, by, now)
            _audit("account.confirmed", account, by, now)
    return account


def unlink_account(public_id: UUID, *, by: Viewer, now: datetime) -> None:
    """Let an account be nobody's; what was counted stays. Whoever does it themself is asked first
    before anybody links one of theirs again.
    """
    with writing(by.organization):
        account = _found(by, public_id)
        if by.person_id == account.person_id and by.may("people:write"):
            record_consent(
                account.person.public_id,
                ConsentPurpose.ACCOUNT_LINKED,
                False,
                text_version=TEXT_VERSION,
                channel="accounts",
                by=by,
                now=now,
            )
        else:
            _require_settle(by, account.person)
        _audit("account.unlinked", account, by, now)
        account.delete()


def _found(by: Viewer, public_id: UUID) -> LinkedAccount:
    account = accounts_of(by).filter(public_id=public_id).first()
    if account is None:
        raise NotFound(_("There is no such account."))
    return account


def _require_settle(by: Viewer, person: Person) -> None:
    """Administrators; leads for people in a program of theirs, and never for themselves."""
    led = Enrolment.objects.filter(
        program__in=led_programs(by), person=person, left_at=None
    ).exclude(person_id=by.person_id or 0)
    if not by.may("people:write") or not (by.is_administrator or led.exists()):
        raise NotAllowed(
            _("Only a lead of a program they are in, or an administrator, confirms this.")
        )


def _checked(host: str, number: str) -> tuple[str, int, str]:
    host, wanted = host.strip().lower(), number.strip()
    if not 1 <= len(host) <= 200 or "/" in host or any(sign.isspace() for sign in host):
        raise Invalid(
            _("Nothing was linked. Correct the fields."),
            fields={"host": _("Write the host, for example github.com.")},
        )
    if wanted.isascii() and wanted.isdigit() and int(wanted) <= LARGEST:
        return host, int(wanted), _login_of(host, int(wanted))
    for event in _waiting().select_related("connection"):
        there, theirs, login = author_of(event)
        if there == host and login and login.casefold() == wanted.lstrip("@").casefold():
            return host, theirs, login
    raise Invalid(
        _("Nothing was linked. Correct the fields."),
        fields={"number": _("Write the account's number: no change waits under that name.")},
    )


def _login_of(host: str, number: int) -> str:
    waiting = _waiting().filter(about=account_name(host, number)).select_related("connection")
    event = waiting.last()
    return author_of(event)[2] if event else ""


def _waiting() -> QuerySet[Event]:
    parked = Event.objects.filter(
        state=EventState.PARKED, reason=AUTHOR_UNKNOWN, about__contains="#"
    )
    return parked.order_by("id")


def _put(
    person: Person, host: str, number: int, login: str, by: Viewer, now: datetime
) -> LinkedAccount:
    here = LinkedAccount.objects.filter(host=host, number=number)
    if here.exclude(person=person).exclude(confirmed_at=None).exists():
        raise Conflict(_("This account is linked to somebody else."), code="account-taken")
    if LinkedAccount.objects.filter(person=person).count() >= MOST:
        raise Conflict(_("Ten accounts are the most for one person."), code="too-many-accounts")
    account, _made = LinkedAccount.objects.get_or_create(
        organization=by.organization,
        person=person,
        host=host,
        number=number,
        defaults={"login": login[:100], "claimed_at": now, "claimed_by": by.actor},
    )
    return account


def _confirm(account: LinkedAccount, by: Viewer, now: datetime) -> None:
    others = LinkedAccount.objects.filter(host=account.host, number=account.number)
    if others.exclude(pk=account.pk).exclude(confirmed_at=None).exists():
        raise Conflict(_("This account is linked to somebody else."), code="account-taken")
    account.confirmed_at, account.confirmed_by = now, by.actor
    account.save(update_fields=["confirmed_at", "confirmed_by"])
    others.exclude(pk=account.pk).delete()  # what others said of it was wrong
    _take_up(_waiting().filter(about=account_name(account.host, account.number)), now)


def _take_up(events: Iterable[Event], now: datetime) -> None:
    for event in events:
        retry(event, now=now)


def _audit(verb: str, account: LinkedAccount, by: Viewer, now: datetime) -> None:
    record_audit(
        by=by,
        verb=verb,
        object_type="person",
        object_id=account.person.public_id,
        detail={"host": account.host},
        now=now,
    )
