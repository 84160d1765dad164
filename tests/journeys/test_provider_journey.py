"""A provider in a browser: set up, tried out, switched on, and then all that is needed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from stage import Enter, Served, axe, free_port, serve
from test_empty_install_journey import sign_in

from factories.databases import copied_sqlite
from factories.providers import ProviderProcess, a_provider

pytestmark = pytest.mark.nightly  # by day the same way is gone without a browser
ADA = "ada@example.org"


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[ProviderProcess]:
    with a_provider() as process:
        yield process


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory, elsewhere: ProviderProcess) -> Iterator[Served]:
    """An install whose operator lets it ask the provider, which lies inside."""
    home = tmp_path_factory.mktemp("own")
    copied_sqlite(home / "handrail.sqlite3")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("HANDRAIL_INTERNAL_HOSTS", elsewhere.host)
        served = Served("http://localhost:8000", home)
        served.handrail("init", "--organisation", "Acme", "--admin", ADA)
        yield from serve(home, free_port())


def sign_in_there(page: Page, subject: str) -> None:
    """On the provider's own page, which wants styles from the net and does without."""
    page.get_by_placeholder("sub").fill(subject)
    page.get_by_role("button", name="Authorize").click()


def test_a_provider_is_set_up_tried_out_and_signs_in(
    own: Served, elsewhere: ProviderProcess, enter: Enter
) -> None:
    elsewhere.person("ada-1", email=ADA, email_verified=True)
    page = enter(own)
    page.route("**://cdn.jsdelivr.net/**", lambda route: route.abort())
    sign_in(page, own, ADA)
    page.goto("/settings/sign-in/")
    assert axe(page) == []
    page.get_by_label("Name").fill("Our login")
    page.get_by_label("Issuer").fill(elsewhere.issuer)
    page.get_by_label("Client id").fill("handrail")
    page.get_by_label("Client secret").fill("s3")
    page.get_by_role("button", name="Check and save").click()
    page.get_by_role("link", name="Try it out").click()
    sign_in_there(page, "ada-1")
    expect(page.get_by_text(f"It works: the provider says that you are {ADA}.")).to_be_visible()
    page.get_by_role("button", name="Switch it on").click()
    expect(page.get_by_role("button", name="Switch it off")).to_be_visible()
    page.get_by_label("E-mail domains").fill("example.org")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert axe(page) == []

    fresh = enter(own)
    fresh.route("**://cdn.jsdelivr.net/**", lambda route: route.abort())
    fresh.goto("/account/login/")
    fresh.get_by_role("link", name="Sign in with your organisation").click()
    fresh.get_by_label("Your e-mail address at work").fill(ADA)
    fresh.get_by_role("button", name="Find the way in").click()
    assert axe(fresh) == []
    fresh.get_by_role("link", name="Go on with Our login").click()
    sign_in_there(fresh, "ada-1")
    expect(fresh.get_by_role("heading", name="Today")).to_be_visible()
    fresh.goto("/settings/linked/")
    expect(fresh.get_by_text("Our login", exact=True)).to_be_visible()
    assert axe(fresh) == []
