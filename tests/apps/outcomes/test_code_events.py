"""A code host tells of merges: counted by number and host, once, and unknown before it told."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from factories.world import World
from handrail.apps.connections.actions import connect
from handrail.apps.connections.models import Connection, Event
from handrail.apps.organizations.refusals import Conflict, NotAllowed
from handrail.apps.organizations.scope import reading
from handrail.apps.outbox.actions import drain
from handrail.apps.outcomes import accounts
from handrail.apps.outcomes.queries import data_health, is_connected, merges_known_from
from handrail.apps.people.models import CompetencyEvent
from handrail.apps.reports.company_wide.exporting import export
from handrail.apps.reports.company_wide.figures import figures_of
from handrail.apps.reports.company_wide.summing import sums_of
from handrail.apps.reports.inputs import gather, moment_of
from handrail.integrations.webhooks import SCHEMES, sign

MERGED = datetime(2026, 2, 3, 10, 0, tzinfo=UTC)


class Host:
    """A code host that signs as GitHub does, and Gitea in its own way."""

    def __init__(self, world: World, kind: str = "github", host: str = "git.example.org") -> None:
        self.world, self.kind, self.number = world, kind, 0
        with reading(world.organization):
            made = connect(
                kind,
                f"Code of {host}",
                {"host": host, "bots": "99"},
                {"signing": "key"},
                by=world.viewer("adam"),
                now=timezone.now(),
            )
        self.connection: Connection = made.connection

    def tell(self, author: int, change: int = 7, **user: Any) -> None:
        self.number += 1
        content = {
            "action": "closed",
            "repository": {"full_name": "our/tool"},
            "pull_request": {
                "number": change,
                "merged": True,
                "merged_at": MERGED.isoformat(),
                "user": {"id": author, "login": "bob", "email": "bob@example.org", **user},
                "merged_by": {"id": 1},
                "title": "Secret plans",
            },
        }
        body = json.dumps(content).encode()
        scheme = SCHEMES[self.kind]
        answer = Client().post(
            f"/hooks/{self.connection.address}",
            body,
            content_type="application/json",
            headers={
                scheme.header: sign(scheme, "key", body),
                scheme.id_header: f"{self.kind}-{self.number}",
                f"x-{self.kind}-event": "pull_request",
            },
        )
        assert answer.status_code == 200
        drain(now=timezone.now())

    @property
    def states(self) -> list[tuple[str, str]]:
        with reading(self.world.organization):
            events = Event.objects.filter(connection=self.connection).order_by("id")
            return list(events.values_list("state", "reason"))


def merges(world: World) -> list[tuple[str, datetime]]:
    with reading(world.organization):
        rows = CompetencyEvent.objects.filter(kind="merge").order_by("id")
        return [(event.person.name, event.occurred_at) for event in rows]


def test_a_change_waits_for_its_author_and_is_counted_once_for_them(fresh_world: World) -> None:
    world = fresh_world
    host = Host(world)
    host.tell(4711)
    assert (merges(world), host.states) == ([], [("parked", "author-unknown")])
    with reading(world.organization):
        event = Event.objects.get()
        assert "Secret" not in json.dumps(event.fields)
        assert "example.org" not in json.dumps(event.fields)
        alice, bob, adam = (world.viewer(name) for name in ("alice", "bob", "adam"))
        (author,) = accounts.authors_unknown(adam)
        assert (author.host, author.number, author.login) == ("git.example.org", 4711, "bob")
        with pytest.raises(NotAllowed):
            accounts.authors_unknown(bob)
        # claimed by its name there, of which the number is kept; it does not count yet
        claimed = accounts.claim_account("git.example.org", "@Bob", by=bob, now=timezone.now())
        assert (claimed.number, claimed.confirmed_at) == (4711, None)
        with pytest.raises(NotAllowed):
            accounts.confirm_account(claimed.public_id, by=bob, now=timezone.now())
    host.tell(4711, change=8)
    assert merges(world) == []
    with reading(world.organization):
        accounts.confirm_account(claimed.public_id, by=alice, now=timezone.now())
    drain(now=timezone.now())
    assert host.states == [("done", ""), ("done", "")]
    assert {name for name, _at in merges(world)} == {"Bob"}
    # told again under another id: the same change is the same change
    host.tell(4711)
    assert host.states[-1] == ("ignored", "double")
    with reading(world.organization):
        assert CompetencyEvent.objects.filter(kind="merge").count() == 1  # one moment, one event
        assert Event.objects.exclude(fields={}).count() == 0


def test_the_same_number_or_name_elsewhere_is_somebody_else(fresh_world: World) -> None:
    world = fresh_world
    here, there = Host(world), Host(world, "gitea", "other.example.org")
    with reading(world.organization):
        adam, now = world.viewer("adam"), timezone.now()
        accounts.link_account(world.person("bob"), "git.example.org", "4711", by=adam, now=now)
        with pytest.raises(Conflict):
            accounts.link_account(
                world.person("charlie"), "git.example.org", "4711", by=adam, now=now
            )
    here.tell(4711)
    here.tell(4712, change=8)  # another number under the same name
    there.tell(4711)  # the same number on another host
    there.tell(99, change=9)  # a program
    here.tell(50, change=10, type="Bot")
    assert here.states == [("done", ""), ("parked", "author-unknown"), ("ignored", "bot")]
    assert there.states == [("parked", "author-unknown"), ("ignored", "bot")]
    assert merges(world) == [("Bob", MERGED)]


def test_who_takes_a_link_away_is_asked_before_another_is_made(fresh_world: World) -> None:
    world = fresh_world
    with reading(world.organization):
        adam, bob, now = world.viewer("adam"), world.viewer("bob"), timezone.now()
        linked = accounts.link_account(world.person("bob"), "h.example", "7", by=adam, now=now)
        accounts.unlink_account(linked.public_id, by=bob, now=now)
        with pytest.raises(Conflict) as refused:
            accounts.link_account(world.person("bob"), "h.example", "7", by=adam, now=now)
        assert refused.value.code == "link-refused"


@pytest.mark.nightly
def test_whoever_started_before_the_connection_is_unknown_not_not_yet(
    fresh_world: World, tmp_path: Path
) -> None:
    """Until a history says what was before; of all programs side by side as well."""
    world = fresh_world
    host = Host(world)
    now = timezone.now()
    with reading(world.organization):
        assert not is_connected("merges")
        cut = (now + timedelta(days=1)).date()
        before = gather(organization=world.organization, program=world.program, cut=cut, now=now)
        program = before["groups"][0]["first_merge"]
        assert (program["people"], program["unknown"]) == ([], 1)
        moment = moment_of(world.organization, cut, now)
        export(tmp_path, organization=world.organization, cut=cut, now=now)
        (beside,) = figures_of(sums_of(tmp_path, cut=cut, moment=moment))["programs"]
        merges = beside["first_merge"]
        assert (merges["people"], merges["unknown"], merges["reached_before"]) == (0, 1, 0)
    host.tell(4711)
    with reading(world.organization):
        assert is_connected("merges")
        (health,) = [
            one
            for one in data_health(world.viewer("adam"), now=now).sources
            if one.source == "merges"
        ]
        assert health.waiting == 1
        assert health.known_from == host.connection.connected_at
        CompetencyEvent.objects.create(
            organization=world.organization,
            person=world.person("alice"),
            kind="merge",
            occurred_at=MERGED,
            source="merges.csv",
        )
        assert merges_known_from() is None
        after = gather(organization=world.organization, program=world.program, cut=cut, now=now)
        program = after["groups"][0]["first_merge"]
        assert (len(program["people"]), program["unknown"]) == (1, 0)
