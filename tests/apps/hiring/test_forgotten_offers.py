"""Applicants who are forgotten: in no ledger, counted once, whatever is told again afterwards."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from factories.world import NOW, World
from handrail.apps.hiring.actions.lottery import draw, end_lottery, start_lottery
from handrail.apps.hiring.actions.offers import import_offers, record_offer
from handrail.apps.hiring.comparing import comparison
from handrail.apps.hiring.drawn import faults_of, listed
from handrail.apps.hiring.forgetting import forget_person
from handrail.apps.hiring.models import HireRecord, Offer, OfferDraw, OfferLottery
from handrail.apps.organizations import guards
from handrail.apps.organizations.refusals import Conflict
from handrail.apps.organizations.scope import reading, writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outcomes.actions import import_outcomes
from handrail.apps.outcomes.models import JobOffer
from handrail.apps.people.models import LedgerCorrection
from handrail.apps.records import retention

pytestmark = pytest.mark.later_on_postgresql
DAY = timedelta(days=1)
LATER = NOW + 181 * DAY
HEAD = "applicant_id,requisition,offered_at,outcome,trajectory_shown,decided_at\n"


@pytest.fixture
def world(fresh_world: World) -> Iterator[World]:
    with reading(fresh_world.organization):
        yield fresh_world


@pytest.fixture
def rita(world: World) -> Viewer:
    return world.viewer("rita")


def bring(rita: Viewer, *lines: str, now: datetime = NOW) -> tuple[int, int, int]:
    content = HEAD + "\n".join(lines) + "\n"
    came = import_offers(content.encode(), filename="o.csv", by=rita, now=now)
    return came.created, came.changed, came.known


def forget_old(world: World, now: datetime = LATER) -> int:
    return retention.let_go(by=world.system, now=now).get("offers", 0)


def drawn_offers(rita: Viewer, count: int = 30) -> None:
    for number in range(count):
        name = f"a{number}"
        draw("R-1", name, by=rita, now=NOW)
        outcome = "accepted" if number % 3 else "declined"
        record_offer(
            name, "R-1", offered_at=NOW + timedelta(minutes=1), outcome=outcome,
            decided_at=NOW + timedelta(hours=1), by=rita, now=NOW + DAY,
        )  # fmt: skip


def test_a_forgotten_applicant_is_nowhere_and_every_figure_stays(
    world: World, rita: Viewer
) -> None:
    lottery = start_lottery("offer", by=rita, now=NOW)
    drawn_offers(rita)
    before = comparison(rita)
    place = draw("R-1", "a0", by=rita, now=NOW).place
    # In the middle of a lottery that goes on.
    assert forget_old(world) == 10
    after = comparison(rita)
    assert (after.total, after.drawn) == (before.total, before.drawn)
    assert after.drawn is not None
    assert (after.drawn.lottery, after.drawn.without_offer) == (lottery, 0)
    dead = [f"a{number}" for number in range(0, 30, 3)]
    assert not Offer.objects.filter(applicant__in=dead).exists()
    assert not JobOffer.objects.filter(applicant__in=dead).exists()
    assert draw("R-1", "a0", by=rita, now=LATER).place == place  # drawn once is drawn
    shown = {row.place: row.applicant for row in listed(lottery)}
    assert (shown[place], shown[place + 1]) == ("", "a1")
    assert faults_of(end_lottery(by=rita, now=LATER)) == ()


def test_the_ledger_of_a_lottery_never_names_an_applicant(world: World, rita: Viewer) -> None:
    lottery = start_lottery("offer", by=rita, now=NOW)
    first = draw("R-1", "app-203", by=rita, now=NOW)
    assert first.requisition == "R-1"
    rows = list(OfferDraw.objects.values_list("about", flat=True))
    assert "203" not in json.dumps(rows).replace(first.about, "")
    assert draw("R-2", "app-203", by=rita, now=NOW).about != first.about
    ended = end_lottery(by=rita, now=NOW + DAY)
    assert faults_of(ended) == ()  # what was published is drawn again from the hashes alone
    # The key is what a guess would need; some time after the end it goes, and the replay stays.
    assert OfferLottery.objects.get().sealed_key
    forget_old(world, NOW + 180 * DAY)
    assert OfferLottery.objects.get().sealed_key
    forget_old(world, NOW + 182 * DAY)
    again = OfferLottery.objects.get()
    assert (again.sealed_key, faults_of(again)) == ("", ())
    assert [row.applicant for row in listed(lottery)] == ["", ""]
    other = start_lottery("offer", by=rita, now=LATER)
    assert draw("R-1", "app-203", by=rita, now=LATER).lottery == other


def test_how_an_offer_was_drawn_outlives_the_key(world: World, rita: Viewer) -> None:
    start_lottery("offer", by=rita, now=NOW)
    drawn = draw("R-1", "app-1", by=rita, now=NOW)
    sent = {"offered_at": NOW + timedelta(hours=1), "by": rita}
    record_offer("app-1", "R-1", **sent, now=NOW + DAY)  # type: ignore[arg-type]
    end_lottery(by=rita, now=NOW + DAY)
    forget_old(world, NOW + 200 * DAY)
    kept = record_offer(
        "app-1", "R-1", outcome="accepted", decided_at=NOW + 190 * DAY, **sent,  # type: ignore[arg-type]
        now=NOW + 200 * DAY,
    )  # fmt: skip
    assert (kept.drawn_arm, kept.drawn_at) == (drawn.arm, NOW)
    assert JobOffer.objects.get(superseded_at=None).arm == drawn.arm
    found = comparison(rita).drawn
    assert found is not None
    assert found.without_offer == 0


def test_an_offer_that_went_out_before_the_draw_counts_in_none(world: World, rita: Viewer) -> None:
    start_lottery("requisition", by=rita, now=NOW)
    draw("R-1", "", by=rita, now=NOW)
    early = record_offer("a1", "R-1", offered_at=NOW - DAY, by=rita, now=NOW)
    assert (early.drawn_in, early.shown) == (None, "unknown")
    moved = record_offer("a1", "R-1", offered_at=NOW + DAY, by=rita, now=NOW + DAY)
    assert moved.drawn_arm
    back = record_offer("a1", "R-1", offered_at=NOW - DAY, by=rita, now=NOW + DAY)
    assert (back.drawn_in, back.drawn_arm) == (None, "")
    with pytest.raises(Conflict):
        draw("R-9", "", by=rita, now=NOW) and start_lottery("offer", by=rita, now=NOW)


def test_old_files_tell_forgotten_offers_again_and_nobody_comes_back(
    world: World, rita: Viewer
) -> None:
    day = "2026-01-05"
    decided = [f"a{n},R,{day},declined,yes,2026-01-{10 + n}" for n in range(3)]
    assert bring(rita, *decided, f"b1,R,{day},accepted,no,2026-01-12") == (4, 0, 0)
    assert bring(rita, f"b1,R,{day},withdrawn,no,2026-01-20") == (0, 1, 0)
    assert forget_old(world) == 4
    total = comparison(rita).total
    for file in (
        [*decided, f"b1,R,{day},withdrawn,no,2026-01-20"],  # the newest file
        [*decided, f"b1,R,{day},accepted,no,2026-01-12"],  # one from before it was withdrawn
        [f"a{n},R,{day},pending,yes," for n in range(3)],  # one from before anything was decided
        [f"a0,R,{day},pending,yes,", *decided[1:]],
    ):
        assert bring(rita, *file, now=LATER)[:2] == (0, 0)
    assert comparison(rita).total == total
    assert Offer.objects.exclude(applicant__startswith="gone-").count() == 0
    # What happened after all that is known of them is news.
    assert bring(rita, f"b1,R,{day},accepted,no,2026-03-01", now=LATER) == (1, 0, 0)
    assert bring(rita, "c1,R,2026-06-01,pending,yes,", now=LATER) == (1, 0, 0)


def test_outcomes_told_again_by_their_own_file_count_once(world: World, rita: Viewer) -> None:
    bring(rita, "a1,R,2026-01-05,declined,yes,2026-01-10")
    forget_old(world)
    head = "applicant_id,requisition,offered_on,outcome,decided_on\n"
    adam = world.viewer("adam")
    for line, created in (("a1,R,2026-01-05,declined,2026-01-10", 0),
                          ("a2,R,2026-01-06,declined,2026-01-10", 1)):  # fmt: skip
        came = import_outcomes(
            "offers", f"{head}{line}\n".encode(), filename="o.csv", by=adam, now=LATER
        )
        assert came.created == created
    assert JobOffer.objects.filter(superseded_at=None).count() == 2


def test_an_accepted_offer_that_is_withdrawn_and_accepted_again(world: World, rita: Viewer) -> None:
    sent = {"offered_at": NOW - 9 * DAY, "by": rita, "now": NOW}
    for outcome, decided in (("accepted", 8), ("withdrawn", 7), ("accepted", 6)):
        offer = record_offer(
            "a1",
            "R",
            outcome=outcome,
            decided_at=NOW - decided * DAY,
            **sent,  # type: ignore[arg-type]
        )
    assert (Offer.objects.count(), offer.outcome, offer.fate) == (1, "accepted", "stands")
    assert forget_old(world) == 0  # who comes is not forgotten as one who did not
    assert JobOffer.objects.get(superseded_at=None).outcome == "accepted"
    assert JobOffer.objects.count() == 3


def test_whoever_is_erased_is_no_applicant_any_more(world: World, rita: Viewer) -> None:
    bob = world.person("bob")
    with writing(world.organization):
        HireRecord.objects.create(
            organization=world.organization, source="greenhouse", connection="c", job="R-1",
            application="77", person=bob, created_at=NOW, changed_at=NOW,
        )  # fmt: skip
    bring(
        rita,
        "77,R-1,2026-01-05,accepted,no,2026-01-07",
        "77,R-2,2026-01-05,accepted,no,2026-01-07",  # the same number in another system
        f"{bob.external_id},R-1,2026-01-05,declined,no,2026-01-07",
        f"{bob.external_id},R-3,2026-01-05,declined,no,2026-01-07",
    )
    with writing(world.organization):
        forget_person(bob, NOW)
    assert set(Offer.objects.exclude(applicant__startswith="gone-").values_list(
        "applicant", "requisition")) == {("77", "R-2")}  # fmt: skip
    assert set(JobOffer.objects.exclude(applicant__startswith="gone-").values_list(
        "applicant", "requisition")) == {("77", "R-2")}  # fmt: skip
    assert comparison(rita).total.others.accepted == 2


def test_ledgers_of_earlier_versions_are_made_to_name_nobody(world: World, rita: Viewer) -> None:
    lottery = start_lottery("offer", by=rita, now=NOW)
    drawn_offers(rita, 4)
    organization = world.organization
    arms = dict(Offer.objects.values_list("applicant", "drawn_arm"))
    places = {f"a{n}": draw("R-1", f"a{n}", by=rita, now=NOW).place for n in range(4)}
    guards.before_migrating(using="default", plan=["one"])
    with writing(organization):  # as they were kept before
        with guards.rewriting(connection, OfferDraw._meta.db_table):
            for name, place in places.items():
                OfferDraw.objects.filter(place=place).update(about=f"R-1|{name}")
        Offer.objects.update(drawn_in=None, drawn_arm="", drawn_at=None)
        OfferLottery.objects.update(sealed_key="")
        LedgerCorrection.objects.create(
            organization=organization, subject="a1", about="offer", source="o.csv",
            before={"applicant": "a1", "outcome": "open"},
            after={"applicant": "a1", "outcome": "declined"}, corrected_at=NOW, corrected_by="x",
        )  # fmt: skip
        there = SimpleNamespace(connection=connection)
        for name in (
            "handrail.apps.hiring.migrations.0004_draws_name_no_applicant",
            "handrail.apps.outcomes.migrations.0003_corrections_name_no_applicant",
        ):
            import_module(name).name_nobody(apps, there)
    abouts = OfferDraw.objects.values_list("about", flat=True)
    assert all(len(about) == len("R-1|") + 64 for about in abouts)
    assert {f"a{n}": draw("R-1", f"a{n}", by=rita, now=NOW).place for n in range(4)} == places
    assert dict(Offer.objects.values_list("applicant", "drawn_arm")) == arms
    kept = LedgerCorrection.objects.get(source="o.csv")
    assert (kept.subject, kept.before, kept.after) == (
        "-", {"outcome": "open"}, {"outcome": "declined"},
    )  # fmt: skip
    lottery.refresh_from_db()
    assert faults_of(end_lottery(by=rita, now=LATER)) == ()
