"""Mails about records: to whom a statement is about, and to administrators; each can be off."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from factories.world import NOW, World
from handrail.apps.connections.actions import connect
from handrail.apps.connections.delivering import _stop
from handrail.apps.connections.models import Connection
from handrail.apps.identity.models import Provider
from handrail.apps.identity.tasks import tidy_sign_ins
from handrail.apps.organizations.actions import record_consent
from handrail.apps.organizations.consent_texts import say
from handrail.apps.organizations.models import RoleGrant
from handrail.apps.organizations.scope import reading, writing
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.outbox.runner import drain
from handrail.apps.people.automations import automations_of
from handrail.apps.records import attesting, erasures
from handrail.integrations.mail_folder import list_mails, read_mail
from web.test_records import done

pytestmark = [pytest.mark.django_db, pytest.mark.later_on_postgresql]


def sent(settings: object) -> list[tuple[str, str]]:
    """To whom which subject went, of what leaves now."""
    while drain(now=NOW).delivered:
        pass
    folder = Path(settings.MAIL_FOLDER)  # type: ignore[attr-defined]
    found = []
    for row in list_mails(folder):
        mail = read_mail(folder, row.name)
        assert mail is not None
        found.append((row.recipient.split("@")[0].split("<")[-1], str(mail["Subject"])))
    return sorted(found)


def switch_off(world: World, name: str, purpose: str) -> None:
    record_consent(
        world.person(name).public_id,
        purpose,
        False,
        text_version="v1",
        channel="web",
        by=world.viewer(name),
        now=NOW,
    )


def sign(world: World) -> None:
    session = done(world)
    with reading(world.organization):
        alice, bob, by = world.person("alice"), world.person("bob"), world.viewer("alice")
    say(alice.public_id, "attestation", True, channel="web", by=by, now=NOW)
    attesting.attest(session, bob, "He rebases alone.", by=by, now=NOW)


@pytest.mark.parametrize("is_on", [True, False])
def test_whom_a_statement_is_about_is_told_that_it_was_signed(
    fresh_world: World, settings: object, is_on: bool
) -> None:
    if not is_on:
        switch_off(fresh_world, "bob", "statement_news")
    sign(fresh_world)
    told = [one for one in sent(settings) if "statement" in one[1]]
    assert told == [("bob", "Alice signed a statement about you")] * is_on


@pytest.mark.parametrize("is_on", [True, False])
def test_administrators_are_told_that_somebody_asks_to_be_erased(
    fresh_world: World, settings: object, is_on: bool
) -> None:
    world = fresh_world
    if not is_on:
        switch_off(world, "adam", "erasure_news")
    with reading(world.organization):
        erasures.ask_erasure("", by=world.viewer("bob"), now=NOW)
    assert sent(settings) == [("adam", "Bob asks to be erased")] * is_on


def test_a_wish_that_was_taken_back_is_told_to_nobody(fresh_world: World, settings: object) -> None:
    with reading(fresh_world.organization):
        by = fresh_world.viewer("bob")
        erasures.ask_erasure("", by=by, now=NOW)
        erasures.withdraw_erasure(by=by, now=NOW)
    assert sent(settings) == []


@pytest.mark.parametrize("is_on", [True, False])
def test_administrators_are_told_that_a_connection_was_switched_off(
    fresh_world: World, settings: object, is_on: bool
) -> None:
    world = fresh_world
    if not is_on:
        switch_off(world, "adam", "connection_news")
    to = {"address": "https://hooks.example.org/in", "events": ["program.closed"]}
    with reading(world.organization):
        connect("webhooks", "Ours", to, {}, by=world.viewer("adam"), now=NOW)
    with writing(world.organization):
        _stop(Connection.objects.select_related("organization").get(), "gone", NOW)
        _stop(Connection.objects.select_related("organization").get(), "gone", NOW)  # once is told
    assert sent(settings) == [("adam", "“Ours” was switched off")] * is_on


def test_what_administrators_are_told_only_they_switch_off(fresh_world: World) -> None:
    world = fresh_world
    with reading(world.organization):
        shown = {
            name: {one.purpose for one in automations_of(world.person(name), NOW)}
            for name in ("adam", "bob")
        }
    assert shown["adam"] - shown["bob"] == {"erasure_news", "connection_news"}


def test_administrators_hear_daily_that_a_certificate_ends_until_there_is_another(
    fresh_world: World, settings: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = fresh_world
    settings.MAIL_FOLDER = tmp_path  # type: ignore[attr-defined]
    ends = {"old": NOW + timedelta(days=13), "new": NOW + timedelta(days=900)}
    monkeypatch.setattr(
        "handrail.apps.identity.saml.ends_of", lambda text: [ends[one] for one in text.split()]
    )

    def rule(now: datetime) -> int:
        row = OutboxRow(organization=world.organization, kind="rule.tidy_sign_ins", ref={})
        with reading(world.organization):
            tidy_sign_ins(row, now)
            return OutboxRow.objects.filter(kind="mail.certificate_ends").count()

    with writing(world.organization):
        provider = Provider.objects.create(
            organization=world.organization, kind="saml", name="Our login", certificate="old",
            is_on=True, created_at=NOW,
        )  # fmt: skip
        admins = RoleGrant.objects.filter(role="administrator").count()
    assert rule(NOW - timedelta(days=2)) == 0
    assert rule(NOW) == admins
    assert rule(NOW + timedelta(hours=1)) == admins  # once a day
    subject = "The certificate of “Our login” ends on 15 February 2026"
    assert ("adam", subject) in sent(settings)
    assert rule(NOW + timedelta(days=1)) == 2 * admins
    with writing(world.organization):
        Provider.objects.filter(pk=provider.pk).update(certificate="old new")
    assert rule(NOW + timedelta(days=2)) == 2 * admins
