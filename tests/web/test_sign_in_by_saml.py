"""Signing in with a provider that speaks SAML, against one that is a process of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from factories.saml import SamlProcess, a_saml_provider, needs_saml, packed
from factories.saml_words import answer
from factories.world import World
from handrail.apps.identity.models import ExternalIdentity, Provider, SamlAnswer
from handrail.apps.identity.saml import forget_answers
from handrail.apps.organizations.models import AuditEntry
from handrail.apps.organizations.scope import reading, writing


@pytest.fixture(scope="module")
def saml_process() -> Iterator[SamlProcess]:
    with a_saml_provider() as process:
        yield process


@pytest.fixture
def there(saml_process: SamlProcess, settings: Any) -> SamlProcess:
    settings.INTERNAL_HOSTS = [saml_process.host]
    cache.clear()
    return saml_process


def page_of(world: World, name: str) -> Client:
    client = Client()
    client.force_login(world.users[name], "django.contrib.auth.backends.ModelBackend")
    return client


def sent_back(client: Client, path: str, there: SamlProcess, account: str) -> dict[str, str]:
    """What the provider's page wants to send to us, once this client went there by this path."""
    sent = client.get(path)
    assert sent.status_code == 302, sent.content.decode()
    return there.signs_in(sent["Location"], account)


def answered(provider: Provider, form: dict[str, str]) -> str:
    """Where our answering address leads; asked without a cookie, as from another site."""
    told = Client(enforce_csrf_checks=True).post(f"/sign-in/{provider.public_id}/answer/", form)
    assert told.status_code == 303, told.content.decode()
    assert not told.cookies
    return str(told["Location"])


def there_and_back(
    client: Client, path: str, provider: Provider, there: SamlProcess, account: str
) -> str:
    """Follow a way there, sign in, and come back; where it led."""
    back = client.get(answered(provider, sent_back(client, path, there, account)))
    return str(back.headers.get("Location", back.status_code))


def set_up(world: World, there: SamlProcess) -> Provider:
    """A provider that adam set up, tried out and switched on."""
    adam = page_of(world, "adam")
    page = str(adam.post("/settings/sign-in/saml/", {"name": "Our login"})["Location"])
    assert adam.post(f"{page}metadata/", {"address": there.issuer}).status_code == 302
    with reading(world.organization):
        provider = Provider.objects.get()
    assert there_and_back(adam, f"{page}try/", provider, there, "a-1") == page
    assert adam.post(f"{page}do/", {"do": "on"}).status_code == 302
    return provider


@needs_saml
def test_a_provider_is_named_described_tried_used_and_asked_for(
    fresh_world: World, there: SamlProcess
) -> None:
    world, adam = fresh_world, page_of(fresh_world, "adam")
    domain = world.users["bob"].email.rpartition("@")[2]
    assert page_of(world, "alice").post("/settings/sign-in/saml/", {"name": "x"}).status_code == 403
    page = str(adam.post("/settings/sign-in/saml/", {"name": "Our login"})["Location"])
    with reading(world.organization):
        provider = Provider.objects.get()
    start, mine = f"/sign-in/{provider.public_id}/", f"/settings/linked/{provider.public_id}/"
    # Before it says who it is, there is nothing to try; and what it is given stands on the page.
    shown = adam.get(page).content.decode()
    assert f"http://localhost:8000{start}answer/" in shown
    assert "Try it out</a>" not in shown
    assert adam.get(f"{page}try/")["Location"] == page
    given = Client().get(f"{start}metadata/")
    assert f'entityID="http://localhost:8000{start}metadata/"' in given.content.decode()
    for wrong, words in (
        ({"metadata": "<html/>"}, "not the metadata of one SAML provider"),
        ({"address": "http://127.0.0.1:1/"}, "Nothing was fetched from there"),
        (
            {"metadata": there.metadata().replace(f'"{there.base}/s', '"ftp://x/s')},
            "has to start with https://",
        ),
    ):
        told = adam.post(f"{page}metadata/", wrong)
        assert (told.status_code, words in told.content.decode()) == (422, True), words
    file = SimpleUploadedFile("idp.xml", there.metadata("one", "two").encode())
    assert adam.post(f"{page}metadata/", {"file": file}).status_code == 302
    other = adam.post(
        f"{page}metadata/", {"metadata": there.metadata().replace("/metadata", "/else")}
    )
    assert other.status_code == 422
    # Nobody signs in before it was tried out whole; the trial shows what was read.
    assert adam.post(f"{page}do/", {"do": "on"}).status_code == 409
    assert Client().get(start).status_code == 409
    there.person("a-1", mail=world.users["adam"].email, cn="Adam", salary="9")
    assert there_and_back(adam, f"{page}try/", provider, there, "a-1") == page
    shown = adam.get(page).content.decode()
    assert "It works" in shown
    assert re.search(r"What the trial read.*a-1.*Came along and is not read</dt><dd>salary", shown,
                     re.DOTALL)  # fmt: skip
    assert "What the trial read" not in adam.get(page).content.decode()
    assert adam.post(f"{page}do/", {"do": "on"}).status_code == 302
    # An address finds nobody, until an administrator says that the provider's addresses are right.
    there.person("b-1", mail=world.users["bob"].email)
    bob = Client()
    assert there_and_back(bob, start, provider, there, "b-1") == "403"
    edit = {"name": "Our login", "domains": domain, "vouches": "on"}
    assert adam.post(page, {**edit, "domains": ""}).status_code == 422
    assert adam.post(page, edit).status_code == 302
    there.person("x-1", mail="bob@elsewhere.example")
    assert there_and_back(Client(), start, provider, there, "x-1") == "403"
    assert there_and_back(bob, start, provider, there, "b-1") == "/"
    assert bob.get("/people/").status_code == 200
    # From then on only the account counts, whatever address it says.
    there.person("b-1", mail=world.users["charlie"].email)
    again = Client()
    assert there_and_back(again, start, provider, there, "b-1") == "/"
    assert int(again.session["_auth_user_id"]) == world.users["bob"].pk
    there.person("thief", mail=world.users["bob"].email)
    assert there_and_back(Client(), start, provider, there, "thief") == "403"
    # Charlie links the account while signed in.
    charlie = page_of(world, "charlie")
    assert there_and_back(charlie, mine, provider, there, "c-1") == "/settings/linked/"
    assert there_and_back(Client(), start, provider, there, "c-1") == "/"
    # Through a provider alone nobody's own ways in are changed.
    assert bob.get("/account/email/").status_code == 403
    # Whoever has to sign in this way gets in no other way.
    assert adam.post(page, {**edit, "must_use": "on"}).status_code == 302
    by_mail = page_of(world, "bob")
    assert by_mail.get("/people/")["Location"] == "/sign-in/more/"
    assert there_and_back(by_mail, start, provider, there, "b-1") == "/"
    assert by_mail.get("/people/").status_code == 200
    with reading(world.organization):
        verbs = set(AuditEntry.objects.values_list("verb", flat=True))
        assert {"provider.added", "provider.edited", "provider.tried", "provider.on"} <= verbs
        assert ExternalIdentity.objects.count() == 2
        # Who signed in is kept no longer than it takes to come back.
        assert not SamlAnswer.objects.exclude(said={}).exists()
    assert adam.get(page)["Location"] == "/sign-in/more/"  # nor do administrators
    assert there_and_back(adam, start, provider, there, "a-1") == "/"
    assert adam.post(f"{page}do/", {"do": "off"}).status_code == 302
    assert Client().get(start).status_code == 409


@needs_saml
def test_an_answer_counts_once_and_only_in_the_browser_that_asked(
    fresh_world: World, there: SamlProcess
) -> None:
    provider = set_up(fresh_world, there)
    with writing(fresh_world.organization):
        ExternalIdentity.objects.create(
            organization=fresh_world.organization,
            provider=provider,
            membership=fresh_world.person("bob").membership,
            subject="b-1",
            linked_at=timezone.now(),
        )
    start = f"/sign-in/{provider.public_id}/"
    bob = Client()
    form = sent_back(bob, start, there, "b-1")
    first = answered(provider, form)
    # The same answer again, by whom it may be.
    assert "error=saml-replayed" in answered(provider, form)
    # Somebody who got hold of the way back, or is led onto it, is not signed in.
    for stranger in (Client(), page_of(fresh_world, "charlie")):
        assert stranger.get(first).status_code == 422
    victim = Client()
    victim.get(start)
    assert victim.get(first).status_code == 422
    state = parse_qs(urlsplit(first).query)["state"][0]
    mixed = Client()
    sent = mixed.get(start)["Location"]
    own_state = parse_qs(urlsplit(sent).query)["RelayState"][0]
    told = mixed.get(first.replace(state, own_state))
    assert told.status_code == 409
    assert "another sign-in" in told.content.decode()
    # That used bob's word up, as nobody should have had it.
    assert bob.get(first).status_code == 409
    assert "_auth_user_id" not in bob.session
    form = sent_back(bob, start, there, "b-1")
    assert bob.get(answered(provider, form))["Location"] == "/"
    # Too late, and forgotten.
    late = Client()
    back = answered(provider, sent_back(late, start, there, "b-1"))
    with writing(fresh_world.organization):
        rows = SamlAnswer.objects.filter(taken_at=None)
        rows.update(arrived_at=timezone.now() - timedelta(minutes=3))
        forget_answers(timezone.now())
        assert rows.get().said == {}
        assert SamlAnswer.objects.count() == 4
        forget_answers(timezone.now() + timedelta(hours=1))
        assert not SamlAnswer.objects.exists()
    assert late.get(back).status_code == 409


@needs_saml
def test_what_is_not_believed_is_said_on_the_administrators_page(
    fresh_world: World, there: SamlProcess
) -> None:
    provider = set_up(fresh_world, there)
    page = f"/settings/sign-in/{provider.public_id}/"
    adam = page_of(fresh_world, "adam")
    form = sent_back(adam, f"{page}try/", there, "a-1")
    broken = {**form, "SAMLResponse": packed("<x/>")}
    # What somebody just sends writes nothing.
    assert "error=not-saml" in answered(provider, {"SAMLResponse": "?", "RelayState": "x"})
    assert "Went wrong last" not in adam.get(page).content.decode()
    assert adam.get(answered(provider, broken))["Location"] == page
    shown = adam.get(page).content.decode()
    assert "Went wrong last" in shown
    assert "not what a SAML provider sends" in shown
    assert Client().post(f"/sign-in/{provider.public_id}/answer/", {}).status_code == 303


@needs_saml
def test_a_way_that_begins_at_the_provider_is_gone_anew(
    fresh_world: World, there: SamlProcess
) -> None:
    provider = set_up(fresh_world, there)
    start = f"/sign-in/{provider.public_id}/"
    with writing(fresh_world.organization):
        ExternalIdentity.objects.create(
            organization=fresh_world.organization,
            provider=provider,
            membership=fresh_world.person("bob").membership,
            subject="b-1",
            linked_at=timezone.now(),
        )

    def unasked(relay: str) -> dict[str, str]:
        said = answer(
            now=datetime.now(UTC),
            issuer=there.issuer,
            audience=f"http://localhost:8000{start}metadata/",
            recipient=f"http://localhost:8000{start}answer/",
            request="",
            subject="b-1",
        )
        return {"SAMLResponse": packed(there.sign(said)), "RelayState": relay}

    assert "error=saml-unasked" in answered(provider, unasked("/people/"))
    adam = page_of(fresh_world, "adam")
    words = {"name": "Our login", "begins_there": "on"}
    assert adam.post(f"/settings/sign-in/{provider.public_id}/", words).status_code == 302
    # Nothing of it is believed: the provider is asked now, and then the page is shown.
    led = answered(provider, unasked("/people/"))
    assert led == f"{start}?next=%2Fpeople%2F"
    assert there_and_back(Client(), led, provider, there, "b-1") == "/people/"
    assert answered(provider, unasked("")) == start
    for foreign in ("https://evil.example/", "//evil.example/", "/\\evil.example", "/a\n//b"):
        led = answered(provider, unasked(foreign))
        if "next" not in led:
            assert "error=saml-unasked" in led
            continue
        assert there_and_back(Client(), led, provider, there, "b-1") in ("/", "/a%0A//b"), foreign
    # One that answers without saying whom does not lead round and round.
    looped = {**unasked(""), "RelayState": sent_back(Client(), start, there, "b-1")["RelayState"]}
    assert "error=saml-unasked" in answered(provider, looped)


def test_without_the_extra_the_page_says_how_to_switch_it_on(
    fresh_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from handrail.integrations.saml import document

    monkeypatch.setattr(document, "find_spec", lambda name: None)
    adam = page_of(fresh_world, "adam")
    shown = adam.get("/settings/sign-in/saml/").content.decode()
    assert "make saml" in shown
    assert "<form method" not in shown.partition("<h1>")[2]
    told = adam.post("/settings/sign-in/saml/", {"name": "Our login"})
    assert told.status_code == 409
    with writing(fresh_world.organization):
        provider = Provider.objects.create(
            organization=fresh_world.organization,
            kind="saml",
            name="Our login",
            certificate="x",
            is_on=True,
            created_at=timezone.now(),
        )
    told = Client().get(f"/sign-in/{provider.public_id}/")
    assert told.status_code == 409
    assert "make saml" in told.content.decode()
    form = {"SAMLResponse": packed("<x/>"), "RelayState": "s"}
    assert "error=saml-not-installed" in answered(provider, form)


def test_answers_that_come_faster_than_people_sign_in_are_not_looked_at(db: None) -> None:
    cache.clear()
    path = "/sign-in/00000000-0000-4000-8000-000000000000/answer/"
    told = [Client().post(path, {"SAMLResponse": "x"}).status_code for _try in range(31)]
    assert told == [404] * 30 + [429]
    # Elsewhere one signs in as before: each way in has a count of its own.
    assert Client().post("/sign-in/", {"asked": "a@b.example"}).status_code == 200
    cache.clear()
