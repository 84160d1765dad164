"""A passkey in a browser: added once, then the only thing needed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from stage import Enter, Served, axe, free_port, serve
from test_empty_install_journey import sign_in

from factories.databases import copied_sqlite


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """An install of these tests' own: who has a passkey is asked for it ever after."""
    home = tmp_path_factory.mktemp("own")
    copied_sqlite(home / "handrail.sqlite3")
    served = Served("http://localhost:8000", home)
    served.handrail("init", "--organisation", "Acme", "--admin", "ada@example.org")
    yield from serve(home, free_port())


def give_the_device_an_authenticator(page: Page, *, with_a_person: bool = True) -> None:
    """The browser's own stand-in for a finger or a PIN; without a person it refuses."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": with_a_person,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_passkey_signs_in_without_code_or_password(own: Served, enter: Enter) -> None:
    page = enter(own)
    give_the_device_an_authenticator(page)
    sign_in(page, own, "ada@example.org")
    page.goto("/account/2fa/")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("What you call it").fill("Laptop")
    page.get_by_role("button", name="Ask my device").click()
    expect(page.get_by_role("heading", name="Confirm that it is you")).to_be_visible()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.goto("/account/2fa/webauthn/")
    expect(page.get_by_text("Laptop", exact=True)).to_be_visible()

    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/welcome/")  # the device is emptied first
    page.goto("/account/login/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Today")).to_be_visible()


def test_a_device_that_refuses_is_explained(own: Served, enter: Enter) -> None:
    page = enter(own)
    give_the_device_an_authenticator(page, with_a_person=False)
    page.goto("/account/login/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("Your device gave no passkey.")).to_be_visible()


@pytest.mark.nightly
def test_the_pages_of_the_account_have_no_violation(empty: Served, enter: Enter) -> None:
    page = enter(empty)
    sign_in(page, empty, "ada@example.org")
    wrong: list[str] = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for address in ("2fa/", "2fa/webauthn/", "2fa/webauthn/add/", "2fa/totp/activate/"):
            page.goto(f"/account/{address}")
            wrong += axe(page)
        for address in ("password/set/", "sessions/", "email/"):
            page.goto(f"/account/{address}")
            wrong += axe(page)
    assert wrong == []
