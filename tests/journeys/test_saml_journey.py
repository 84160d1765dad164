"""A provider that speaks SAML in a browser: set up, tried out, switched on, and then used."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from stage import Enter, Served, axe, free_port, serve
from test_empty_install_journey import sign_in

from factories.databases import copied_sqlite
from factories.saml import SamlProcess, a_saml_provider, needs_saml

# By day the same way is gone without a browser; here it is one that keeps cookies back from the
# forms of other sites, which the provider is: it answers at 127.0.0.1, Handrail at localhost.
pytestmark = [pytest.mark.nightly, needs_saml]
ADA = "ada@example.org"


@pytest.fixture(scope="module")
def there() -> Iterator[SamlProcess]:
    with a_saml_provider() as process:
        yield process


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory, there: SamlProcess) -> Iterator[Served]:
    """An install whose operator lets it ask the provider, which lies inside."""
    home = tmp_path_factory.mktemp("own")
    copied_sqlite(home / "handrail.sqlite3")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("HANDRAIL_INTERNAL_HOSTS", there.host)
        served = Served("http://localhost:8000", home)
        served.handrail("init", "--organisation", "Acme", "--admin", ADA)
        yield from serve(home, free_port())


def sign_in_there(page: Page, account: str) -> None:
    """On the provider's own page, which sends a form back to us."""
    page.get_by_label("Account").fill(account)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Go back").click()


def test_a_provider_is_set_up_tried_out_and_signs_in(
    own: Served, there: SamlProcess, enter: Enter
) -> None:
    there.person("ada-1", mail=ADA, cn="Ada Fell", phone="1")
    page = enter(own)
    sign_in(page, own, ADA)
    page.goto("/settings/sign-in/")
    page.get_by_role("link", name="Add a provider that speaks SAML").click()
    assert axe(page) == []
    page.get_by_label("Name").fill("Our login")
    page.get_by_role("button", name="Go on").click()
    assert axe(page) == []
    page.get_by_label("Address of its metadata").fill(there.issuer)
    page.get_by_role("button", name="Take its metadata").click()
    page.get_by_role("link", name="Try it out").click()
    sign_in_there(page, "ada-1")
    expect(page.get_by_text(f"It works: the provider says that you are {ADA}.")).to_be_visible()
    expect(page.get_by_role("heading", name="What the trial read")).to_be_visible()
    expect(page.get_by_text("Ada Fell")).to_be_visible()
    assert axe(page) == []
    page.get_by_role("button", name="Switch it on").click()
    expect(page.get_by_role("button", name="Switch it off")).to_be_visible()
    page.get_by_label("E-mail domains").fill("example.org")
    page.get_by_label("Its addresses are right").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert axe(page) == []

    fresh = enter(own)
    fresh.goto("/account/login/")
    fresh.get_by_role("link", name="Sign in with your organisation").click()
    fresh.get_by_label("Your e-mail address at work").fill(ADA)
    fresh.get_by_role("button", name="Find the way in").click()
    fresh.get_by_role("link", name="Go on with Our login").click()
    sign_in_there(fresh, "ada-1")
    expect(fresh.get_by_role("heading", name="Today")).to_be_visible()
    # The same answer again, sent by the browser's own way back, opens nothing.
    fresh.context.clear_cookies()
    fresh.go_back()
    fresh.get_by_role("button", name="Go back").click()
    expect(fresh.get_by_text("This way back has run out. Begin again.")).to_be_visible()
    fresh.goto("/people/")
    expect(fresh).to_have_url(f"{own.url}/account/login/?next=/people/")
