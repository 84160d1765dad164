"""What a browser gets for the time without a network: nothing in it is about anybody."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.contrib.staticfiles import finders
from django.test import Client

from factories.world import World

Enter = Callable[[str], Client]
SHARED = ["/sw.js", "/manifest.webmanifest", "/offline/en/", "/guide/", "/guide/mentee/"]


@pytest.mark.parametrize("address", SHARED)
def test_what_a_device_keeps_is_the_same_for_everybody(address: str, signed_in_as: Enter) -> None:
    told = [
        client.get(address) for client in (signed_in_as("alice"), signed_in_as("bob"), Client())
    ]
    assert [answer.status_code for answer in told] == [200, 200, 200]
    assert len({answer.content for answer in told}) == 1
    assert all(not answer.cookies for answer in told)
    assert all("no-cache" in answer["Cache-Control"] for answer in told)


def release(script: str) -> dict[str, object]:
    found = re.match(r"self\.RELEASE=(.+);\n", script)
    assert found
    told: dict[str, object] = json.loads(found[1])
    return told


def test_the_worker_keeps_a_shell_for_each_language_the_guide_and_the_scripts(db: None) -> None:
    answer = Client().get("/sw.js")
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    told = release(answer.content.decode())
    assert told["shells"] == {"en": "/offline/en/", "de": "/offline/de/"}
    assert "/guide/mentee/" in told["pages"]  # type: ignore[operator]
    room, answers = (re.compile(str(one)) for one in told["shelled"])  # type: ignore[attr-defined]
    one = "00000000-0000-0000-0000-000000000001"
    assert room.search(f"/sessions/{one}/")
    assert not room.search("/sessions/")
    assert all(answers.search(f"/answers/{end}") for end in ("", "ask/", f"{one}/"))
    assert not any(answers.search(f"/answers/{end}") for end in ("settings/", f"questions/{one}/"))
    files = told["files"]
    assert isinstance(files, list)
    assert "/static/build/site.css" in files
    assert any(name.startswith("/static/build/chunk-") for name in files)
    assert all(finders.find(name.removeprefix("/static/")) for name in files)
    for page in told["pages"]:  # type: ignore[attr-defined]
        assert Client().get(page).status_code == 200, page


def test_another_word_on_the_kept_page_is_another_release(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = release(Client().get("/sw.js").content.decode())["version"]
    assert release(Client().get("/sw.js").content.decode())["version"] == before
    monkeypatch.setattr("handrail.web.offline.shell_words", lambda: {"title": "Other"})
    assert release(Client().get("/sw.js").content.decode())["version"] != before


def test_switched_off_the_worker_takes_itself_back_and_no_page_asks_for_one(
    signed_in_as: Enter, settings: LazySettings
) -> None:
    alice = signed_in_as("alice")
    assert 'data-worker="/sw.js"' in alice.get("/").content.decode()
    settings.OFFLINE = False
    script = Client().get("/sw.js").content.decode()
    assert "unregister" in script
    assert "RELEASE" not in script
    assert "indexedDB" not in script
    assert 'data-worker=""' in alice.get("/").content.decode()


def test_a_shell_in_a_language_that_is_not_there_is_not_found(db: None) -> None:
    assert Client().get("/offline/xx/").status_code == 404
    assert Client().get("/guide/nothing/").status_code == 404


def test_the_shell_speaks_its_own_language_whoever_asks(signed_in_as: Enter) -> None:
    assert "Sie sind ohne Netz" in signed_in_as("alice").get("/offline/de/").content.decode()


def test_the_pack_is_the_readers_own(world: World, signed_in_as: Enter) -> None:
    told = signed_in_as("alice").get("/offline/pack/").json()
    assert told["account"] == str(world.viewer("alice").account)
    assert signed_in_as("bob").get("/offline/pack/").json()["account"] == str(
        world.viewer("bob").account
    )
    assert Client().get("/offline/pack/").status_code == 302


def test_a_device_is_told_whose_answers_these_are(world: World, signed_in_as: Enter) -> None:
    answer = signed_in_as("alice").get("/api/v1/answers?cursor=")
    assert answer["X-Handrail-Account"] == str(world.viewer("alice").account)
    assert answer.json()["rows"] == []


def test_the_guide_links_its_own_pages_and_no_page_that_only_the_checkout_has(db: None) -> None:
    text = Client().get("/guide/administrator/").content.decode()
    assert 'href="/guide/lead/"' in text
    assert ".md" not in text
