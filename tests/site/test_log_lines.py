"""What reaches the log: the route of a request, and no address that somebody could use."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.test import Client

from factories.world import NOW, World
from handrail.apps.connections.actions import connect
from handrail.apps.organizations.scope import reading
from handrail.site.log_lines import WithoutAddresses

Lines = Callable[[], str]


@contextmanager
def written_by(formatter: logging.Formatter) -> Iterator[Lines]:
    """What the house's one handler would write, from whichever logger it comes."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        yield out.getvalue
    finally:
        root.removeHandler(handler)


@pytest.fixture
def lines() -> Iterator[Lines]:
    with written_by(WithoutAddresses("%(levelname)s %(name)s %(message)s")) as found:
        yield found


@pytest.fixture
def address(fresh_world: World) -> str:
    with reading(fresh_world.organization):
        by = fresh_world.viewer("adam")
        made = connect("github", "Ours", {}, {}, by=by, now=NOW)
    return made.connection.address


def refused(address: str) -> list[int]:
    """Every way in which an address of a connection comes to a warning."""
    client = Client(raise_request_exception=False)
    path = f"/hooks/{address}"
    return [
        client.post(path, b"{}", "application/json").status_code,  # not proven
        client.post(path, b" " * ((1 << 20) + 1), "application/json").status_code,
        client.get(path).status_code,
        client.post(f"{path}x", b"{}", "application/json").status_code,  # unknown
        client.post(f"{path}/", b"{}", "application/json").status_code,  # no page at all
        client.post(f"//hooks/{address}", b"{}", "application/json").status_code,
    ]


@pytest.mark.django_db
def test_no_line_holds_the_address_of_a_connection(address: str, lines: Lines) -> None:
    assert refused(address) == [401, 413, 405, 404, 404, 404]
    assert address not in lines()
    assert "Unauthorized: /hooks/<str:address>" in lines()
    assert "Method Not Allowed (GET): /hooks/<str:address>" in lines()
    assert "Not Found: (no such page)" in lines()


@pytest.mark.django_db
def test_a_plain_line_would_have_held_it(address: str) -> None:
    with written_by(logging.Formatter("%(message)s")) as plain:
        refused(address)
    assert address in plain()


@pytest.mark.django_db
def test_other_addresses_that_open_something_are_not_written_either(lines: Lines) -> None:
    client = Client(raise_request_exception=False)
    for path in ("/p/acme/promised/sesame-open/", "/place/sesame-open/", "/sesame-open/é"):
        assert client.get(path).status_code in (404, 410)
    assert "sesame" not in lines()


def test_the_words_of_an_error_and_of_a_library_hold_none(lines: Lines) -> None:
    log = logging.getLogger("httpx")
    log.warning("asked https://h.example/hooks/s3cret-one?x=1 twice")
    try:
        raise ValueError("/hooks/s3cret-two")
    except ValueError:
        log.exception("crashed")
    assert "s3cret" not in lines()
    assert "https://h.example/hooks/… twice" in lines()
    assert "ValueError: /hooks/…" in lines()


def test_there_is_one_way_to_the_log_and_it_goes_through_here() -> None:
    formatters = settings.LOGGING["formatters"]
    handlers = settings.LOGGING["handlers"]
    assert formatters["line"]["()"] == "handrail.site.log_lines.WithoutAddresses"
    assert {handler["formatter"] for handler in handlers.values()} == {"line"}
    for name in ("django", "django.server", "django.request", "django.security"):
        logger = logging.getLogger(name)
        assert (logger.handlers, logger.propagate) == ([], True)
