"""Signing in with a provider of one's organisation, against a provider that is a real process."""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client

from factories.providers import ProviderProcess, a_provider
from factories.world import NOW, World
from handrail.apps.identity.models import ExternalIdentity, Provider
from handrail.apps.organizations.access import end_access
from handrail.apps.organizations.models import AuditEntry, Membership
from handrail.apps.organizations.scope import reading, writing
from handrail.integrations.guarded_http import Outbound
from handrail.integrations.openid import Mistrusted, describe, finish


@pytest.fixture(scope="module")
def provider_process() -> Iterator[ProviderProcess]:
    with a_provider() as process:
        yield process


@pytest.fixture
def elsewhere(provider_process: ProviderProcess, settings: Any) -> ProviderProcess:
    settings.INTERNAL_HOSTS = [provider_process.host]
    cache.clear()
    return provider_process


def page_of(world: World, name: str) -> Client:
    client = Client()
    client.force_login(world.users[name], "django.contrib.auth.backends.ModelBackend")
    return client


def there_and_back(client: Client, path: str, elsewhere: ProviderProcess, subject: str) -> str:
    """Follow a way there, sign in, and come back; where it led."""
    sent = client.get(path)
    assert sent.status_code == 302, sent.content.decode()
    back = client.get(elsewhere.signs_in(sent["Location"], subject))
    return str(back.headers.get("Location", back.status_code))


def test_a_provider_is_set_up_tried_used_and_asked_for(
    fresh_world: World, elsewhere: ProviderProcess
) -> None:
    world, adam = fresh_world, page_of(fresh_world, "adam")
    domain = world.users["bob"].email.rpartition("@")[2]
    words = {"name": "Login", "issuer": elsewhere.issuer, "client_id": "handrail", "secret": "s3"}
    # What calls itself something else, or lies inside unasked, is not taken.
    wrong = adam.post("/settings/sign-in/", {**words, "issuer": "http://127.0.0.1:1"})
    assert "This address cannot be asked." in wrong.content.decode()
    assert page_of(world, "alice").post("/settings/sign-in/", words).status_code == 403
    page = str(adam.post("/settings/sign-in/", words)["Location"])
    with reading(world.organization):
        provider = Provider.objects.get()
        assert "s3" not in provider.sealed_secret
    assert "s3" not in adam.get(page).content.decode()
    start = f"/sign-in/{provider.public_id}/"
    # Nobody signs in before it was tried out whole.
    assert adam.post(f"{page}do/", {"do": "on"}).status_code == 409
    assert Client().get(start).status_code == 409
    elsewhere.person("a-1", email=world.users["adam"].email, email_verified=True)
    assert there_and_back(adam, f"{page}try/", elsewhere, "a-1") == page
    assert "It works" in adam.get(page).content.decode()
    assert adam.post(f"{page}do/", {"do": "on"}).status_code == 302
    edit = {"name": "Login", "client_id": "handrail", "domains": domain}
    assert adam.post(page, edit).status_code == 302
    # An invited person's verified address binds once; from then on only the subject counts.
    found = Client().post("/sign-in/", {"asked": world.users["bob"].email}).content.decode()
    assert start in found
    assert (
        start not in Client().post("/sign-in/", {"asked": "x@elsewhere.example"}).content.decode()
    )
    elsewhere.person("b-1", email=world.users["bob"].email, email_verified=True)
    bob = Client()
    assert there_and_back(bob, start, elsewhere, "b-1") == "/"
    assert bob.get("/people/").status_code == 200
    elsewhere.person("b-1", email=world.users["charlie"].email, email_verified=True)
    again = Client()
    assert there_and_back(again, start, elsewhere, "b-1") == "/"
    assert int(again.session["_auth_user_id"]) == world.users["bob"].pk
    # Another account with bob's address, an unverified one, and nobody's: no way in.
    for subject, claims in {
        "thief": {"email": world.users["bob"].email, "email_verified": True},
        "c-1": {"email": world.users["charlie"].email, "email_verified": False},
        "nobody": {"email": f"nobody@{domain}", "email_verified": True},
    }.items():
        elsewhere.person(subject, **claims)
        client = Client()
        assert there_and_back(client, start, elsewhere, subject) == "403"
        assert "_auth_user_id" not in client.session
    # Charlie is signed in and links the account there: now its subject is charlie.
    charlie = page_of(world, "charlie")
    assert there_and_back(charlie, f"/settings/linked/{provider.public_id}/", elsewhere, "c-1") == (
        "/settings/linked/"
    )
    assert there_and_back(Client(), start, elsewhere, "c-1") == "/"
    # Through a provider alone nobody's own ways in are changed, and no other house is entered.
    for own in ("/account/email/", "/account/password/change/", "/account/2fa/"):
        assert bob.get(own).status_code == 403
    # Whoever has to sign in this way gets in no other way; a code by mail opens nothing here.
    assert adam.post(page, {**edit, "must_use": "on"}).status_code == 302
    by_mail = page_of(world, "bob")
    assert by_mail.get("/people/")["Location"] == "/sign-in/more/"
    assert start in by_mail.get("/sign-in/more/").content.decode()
    assert there_and_back(by_mail, start, elsewhere, "b-1") == "/"
    assert by_mail.get("/people/").status_code == 200
    # Out of the organisation: at once, also for whoever the provider still knows.
    with writing(world.organization):
        Membership.objects.filter(user=world.users["bob"]).update(revoked_at=provider.created_at)
    assert bob.get("/people/")["Location"] in ("/organizations/choose/", "/sign-in/more/")
    assert there_and_back(Client(), start, elsewhere, "b-1") == "403"
    with reading(world.organization):
        verbs = set(AuditEntry.objects.values_list("verb", flat=True))
        assert {"provider.added", "provider.tried", "provider.on", "identity.linked"} <= verbs
        assert ExternalIdentity.objects.count() == 2


def test_what_comes_back_is_believed_only_whole(
    fresh_world: World, elsewhere: ProviderProcess
) -> None:
    """Each of what makes an answer ours, changed by itself, undoes it."""
    from django.utils import timezone

    from handrail.integrations.openid import begin

    way_out = Outbound(internal=frozenset([elsewhere.host]))
    described = describe(way_out, elsewhere.issuer)
    elsewhere.person("p-1", email="p@example.org", email_verified=True, name="Pia")

    def answered(**changed: object) -> str:
        words = {"state": "s", "nonce": f"n-{len(asked)}", "verifier": "v" * 64}
        asked.append(1)
        back = "http://localhost:8000/back/"
        address = begin(described, "handrail", redirect_uri=back, **words)  # type: ignore[arg-type]
        # The mock does not ask for the verifier, so what it was sent is looked at: RFC 7636, 4.2.
        sent = parse_qs(urlsplit(address).query)
        assert sent["code_challenge_method"] == ["S256"]
        hashed = urlsafe_b64encode(sha256(words["verifier"].encode()).digest()).decode()
        assert sent["code_challenge"] == [hashed.rstrip("=")]
        query = urlsplit(elsewhere.signs_in(address, "p-1")).query
        code = parse_qs(query)["code"][0]
        values = {
            "answer": {"code": code},
            "redirect_uri": back,
            "nonce": words["nonce"],
            "verifier": words["verifier"],
            "now": timezone.now(),
            "client_id": "handrail",
            "secret": "s3",
            **changed,
        }
        client_id, secret = values.pop("client_id"), values.pop("secret")
        try:
            claims = finish(way_out, described, client_id, secret, **values)  # type: ignore[arg-type]
        except Mistrusted as error:
            return error.trouble.value
        return f"{claims.subject} {claims.email} {claims.email_verified} {claims.name}"

    asked: list[int] = []
    assert answered() == "p-1 p@example.org True Pia"
    assert answered(nonce="another") == "other-nonce"
    assert answered(answer={"code": "made-up"}) == "refused"
    assert answered(now=timezone.now() + timedelta(days=1)) == "stale"
    assert answered(answer={"code": "x", "iss": "https://other.example"}) == "other-issuer"
    assert re.match("refused|other-audience", answered(client_id="another"))


def test_administrators_need_a_second_factor_and_the_server_lets_them_in(
    fresh_world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world, adam = fresh_world, page_of(fresh_world, "adam")
    cache.clear()
    assert adam.post("/settings/sign-in/rules/", {"second_factor": "on"}).status_code == 302
    assert adam.get("/people/")["Location"] == "/sign-in/more/"
    assert "second step" in adam.get("/sign-in/more/").content.decode()
    assert page_of(world, "alice").get("/people/").status_code == 200
    Authenticator.objects.create(user=world.users["adam"], type="totp", data={"secret": "x"})
    assert adam.get("/people/").status_code == 200
    # The app is lost: a link, once, which only looking at does not use up.
    email = world.users["adam"].email
    call_command("recover", "--email", email, "--without-second-factor")
    link = capsys.readouterr().out.strip().splitlines()[-1].removeprefix("http://localhost:8000")
    fresh = Client()
    assert email in fresh.get(link).content.decode()
    assert fresh.post(link)["Location"] == "/"
    assert fresh.get("/people/").status_code == 200
    assert Client().post(link).status_code == 404
    # A directory switched the last administrator off; the server gives the place back.
    with reading(world.organization):
        membership = world.person("adam").membership
        assert membership is not None
        end_access(membership, by=world.system, now=NOW)
    assert fresh.get("/people/")["Location"].startswith("/account/login/")
    with pytest.raises(CommandError, match="Nobody with this address"):
        call_command("recover", "--email", email)
    house = ("--organisation", world.organization.name, "--administrator")
    call_command("recover", "--email", email, *house)
    link = capsys.readouterr().out.strip().splitlines()[-1].removeprefix("http://localhost:8000")
    again = Client()
    assert again.post(link)["Location"] == "/"
    assert again.get("/settings/sign-in/").status_code == 200
    with reading(world.organization):
        assert AuditEntry.objects.filter(verb="sign_in.recovered").count() == 2


def test_devices_are_signed_out_one_by_one_and_guessing_is_slowed_down(fresh_world: World) -> None:
    bob = fresh_world.users["bob"]
    bob.set_password("a long enough one")
    bob.save()
    cache.clear()
    words = {"login": bob.email, "password": "a long enough one"}
    here, there = Client(), Client(HTTP_USER_AGENT="Another device")
    for client in (here, there):
        assert client.post("/account/login/", words).status_code == 302
    shown = here.get("/account/sessions/").content.decode()
    (device,) = re.findall(r'name="device" value="(\d+)"', shown)
    alice = page_of(fresh_world, "alice")
    assert alice.post("/settings/devices/end/", {"device": device}).status_code == 404
    assert here.post("/settings/devices/end/", {"device": device}).status_code == 302
    assert there.get("/people/")["Location"].startswith("/account/login/")
    assert here.get("/people/").status_code == 200
    for _guess in range(31):
        last = Client().post("/sign-in/", {"asked": "a@b.example"})
    assert (last.status_code, last["Retry-After"]) == (429, "60")
    assert "Wait a minute" in last.content.decode()
    cache.clear()
