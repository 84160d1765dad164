"""Offers and what may be said of them; the lottery; pages that are watched; jobs from a board."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from factories.world import MONDAY, NOW, World
from handrail.apps.hiring import linting
from handrail.apps.hiring.actions.board import apply_jobs, differences, read_jobs
from handrail.apps.hiring.actions.copies import add_copy, look, look_at_all
from handrail.apps.hiring.actions.jobs import save_job
from handrail.apps.hiring.actions.lottery import draw, end_lottery, start_lottery
from handrail.apps.hiring.actions.offers import import_offers, record_offer
from handrail.apps.hiring.actions.postings import publish
from handrail.apps.hiring.comparing import comparison
from handrail.apps.hiring.drawn import faults_of
from handrail.apps.hiring.models import CopyState, Job, Offer, OfferDraw, Posting, PostingCopy
from handrail.apps.hiring.public import copy_texts, public_posting
from handrail.apps.hiring.queries import job_shown
from handrail.apps.organizations.refusals import Conflict, Invalid, NotAllowed
from handrail.apps.organizations.scope import reading
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.outcomes.models import JobOffer
from handrail.apps.people.models import LedgerCorrection, Skill
from handrail.apps.programs.actions import close_program, edit_program
from handrail.integrations.greenhouse_board import BoardJob, Unfit, parse

pytestmark = pytest.mark.later_on_postgresql
DAY = timedelta(days=1)


@pytest.fixture
def world(fresh_world: World) -> Iterator[World]:
    with reading(fresh_world.organization):
        yield fresh_world


@pytest.fixture
def rita(world: World) -> Viewer:
    return world.viewer("rita")


def offers_of(world: World, shown: str, accepted: int, of: int, family: str = "") -> None:
    """So many decided offers, as a file brings them; every third that was not accepted expired."""
    rows = ["applicant_id,requisition,offered_at,outcome,trajectory_shown,decided_at,job_family"]
    for number in range(of):
        state = "accepted" if number < accepted else "expired" if number % 3 == 0 else "declined"
        name = f"{family}{shown}{number}"
        rows.append(f"{name},{family or 'R'},2026-01-05,{state},{shown},2026-01-12,{family}")
    import_offers("\n".join(rows).encode(), filename="o.csv", by=world.viewer("rita"), now=NOW)


def test_m14_the_briefs_fixture_cannot_tell(world: World, rita: Viewer) -> None:
    offers_of(world, "yes", 18, 24)
    offers_of(world, "no", 30, 50)
    for number, outcome in enumerate(("withdrawn", "pending")):
        decided = NOW if outcome == "withdrawn" else None
        record_offer(
            f"x{number}", "R", offered_at=NOW, shown="yes", outcome=outcome, decided_at=decided,
            by=rita, now=NOW,
        )  # fmt: skip
    record_offer("u", "R", offered_at=NOW, by=rita, now=NOW)
    total = comparison(rita).total
    assert (total.shown.counted, total.shown.accepted) == (24, 18)
    assert (total.others.counted, total.others.accepted) == (50, 30)
    assert (total.shown.withdrawn, total.shown.pending, comparison(rita).unknown) == (1, 1, 1)
    effect = total.effect
    assert effect is not None
    assert effect.low is not None
    assert effect.high is not None
    said = [round(100 * value, 1) for value in (effect.estimate, effect.low, effect.high)]
    assert said == [15.0, -8.4, 34.0]
    assert not total.tells
    assert comparison(rita).drawn is None  # without a lottery nothing is called an effect
    with pytest.raises(NotAllowed):
        comparison(world.viewer("alice"))


@pytest.mark.nightly
def test_m14_nine_on_a_side_show_no_figure_and_families_none_by_what_is_left(
    world: World, rita: Viewer
) -> None:
    offers_of(world, "yes", 5, 9, "sales")
    offers_of(world, "no", 8, 12, "sales")
    few = comparison(rita).total
    assert (few.is_open, few.effect, few.missing) == (False, None, 1)
    offers_of(world, "yes", 9, 12, "engineering")
    offers_of(world, "no", 6, 12, "engineering")
    found = comparison(rita)
    assert found.total.is_open
    # Engineering alone has twelve a side; beside the total it would tell of nine in sales.
    assert found.families == ()
    assert found.hidden_families == 2
    offers_of(world, "yes", 1, 10, "sales")  # the same nine and one more
    shown = {one.name: one.is_open for one in comparison(rita).families}
    assert shown == {"engineering": True, "sales": True}


@pytest.mark.nightly
def test_m14_a_lottery_is_drawn_before_and_counted_as_drawn(world: World, rita: Viewer) -> None:
    record_offer("early", "R-1", offered_at=NOW - DAY, by=rita, now=NOW)
    # A list whose 48th place ends a block (so 24 each), and whose first place waits.
    lottery = start_lottery("offer", by=rita, now=NOW, seed=bytes([3]) * 32)
    with pytest.raises(Conflict):
        draw("R-1", "early", by=rita, now=NOW)  # who knows the answer must not draw
    arms = {}
    for number in range(48):
        name = f"a{number}"
        drawn = draw("R-1", name, by=rita, now=NOW)
        assert draw("R-1", name, by=rita, now=NOW).pk == drawn.pk
        arms[name] = drawn.arm
        # The mentoring is shown to one more than was drawn: they count as drawn.
        shown = "yes" if number == 0 else ""
        kept = record_offer(
            name, "R-1", offered_at=NOW + DAY, shown=shown,
            outcome="accepted" if drawn.arm == "offered" or number % 4 == 0 else "declined",
            decided_at=NOW + DAY, by=rita, now=NOW + DAY,
        )  # fmt: skip
        if number:
            assert kept.shown == ("yes" if drawn.arm == "offered" else "no")
    assert arms["a0"] == "waiting"
    assert sorted(arms.values()).count("offered") == 24
    found = comparison(rita).drawn
    assert found is not None
    assert (found.drawn, found.without_offer, found.blocked) == ((24, 24), 0, False)
    assert (found.compared.shown.counted, found.compared.shown.accepted) == (24, 24)
    assert found.compared.tells
    assert JobOffer.objects.filter(arm="offered", superseded_at=None).count() == 24
    assert faults_of(lottery) is None
    ended = end_lottery(by=rita, now=NOW + DAY)
    assert faults_of(ended) == ()
    row = OfferDraw.objects.order_by("pk").first()
    assert row is not None
    forged = OfferDraw(
        organization=world.organization, lottery=ended, about="R-1|late", place=49,
        arm="offered" if arms["a0"] == "waiting" else "waiting", drawn_at=NOW, drawn_by="x",
    )  # fmt: skip
    forged.save()
    other = OfferDraw(
        organization=world.organization, lottery=ended, about="R-1|a0x", place=51,
        arm="offered", drawn_at=NOW, drawn_by="x",
    )  # fmt: skip
    other.save()
    assert faults_of(ended) != ()


def test_a_file_of_offers_comes_in_whole_once_and_corrected(world: World, rita: Viewer) -> None:
    head = "applicant_id,requisition,offered_at,outcome,trajectory_shown,decided_at\n"
    first = (
        head + "a1,R,2026-01-05T09:00:00+01:00,pending,no,\na2,R,2026-01-05,accepted,,2026-01-07\n"
    )
    came = import_offers(first.encode(), filename="o.csv", by=rita, now=NOW)
    assert (came.created, came.changed, came.known) == (2, 0, 0)
    again = import_offers(first.encode(), filename="o.csv", by=rita, now=NOW)
    assert (again.created, again.changed, again.known) == (0, 0, 2)
    moved = first.replace("pending,no,", "declined,no,2026-01-09")
    came = import_offers(moved.encode(), filename="o.csv", by=rita, now=NOW)
    assert (came.created, came.changed, came.known) == (0, 1, 1)
    kept = LedgerCorrection.objects.get(about="offer")  # for good, so it names no applicant
    assert JobOffer.objects.get(pk=kept.subject).applicant == "a1"
    assert "a1" not in kept.before.values()
    assert (kept.before["outcome"], kept.after["outcome"]) == ("open", "declined")
    wrong = head + (
        "bob@example.org,R,2026-01-05,accepted,yes,2026-01-07\n"
        "a3,R,2026-01-05,accepted,yes,\n"
        "a4,R,2026-01-05,hired,yes,2026-01-07\n"
        "a5,R,2026-01-05,declined,yes,2026-01-04\n"
        "a6,R,2027-01-05,pending,perhaps,\n"
    )
    with pytest.raises(Invalid) as refused:
        import_offers(wrong.encode(), filename="o.csv", by=rita, now=NOW)
    lines = [str(line) for line in refused.value.detail["lines"]]
    assert [line.split(",")[0] for line in lines] == [
        "line 2", "line 3", "line 4", "line 5", "line 6", "line 6",
    ]  # fmt: skip
    assert Offer.objects.count() == 2


@pytest.fixture
def live(world: World, rita: Viewer) -> Job:
    program = world.program
    assert program is not None
    edit_program(program, ends_on=MONDAY + 300 * DAY, by=world.system, now=NOW)
    job = save_job(
        None, title="Engineer", program=program, mentor_role="an engineer", ref="R-7",
        skills=[Skill.objects.get(name="git")], by=rita, now=NOW,
    )  # fmt: skip
    publish(job, by=rita, now=NOW)
    return job


def test_m12_a_pasted_copy_is_a_task_until_it_is_in_step(
    world: World, live: Job, rita: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = {"page": ""}
    monkeypatch.setattr("handrail.apps.hiring.actions.copies.fetch", lambda _url: elsewhere["page"])
    copy = add_copy(live, "https://jobs.example.org/7", by=rita, now=NOW)
    with pytest.raises(Conflict):
        add_copy(live, "https://jobs.example.org/7", by=rita, now=NOW)
    assert OutboxRow.objects.filter(kind="hiring.look").count() == 1

    def seen(html: str, moment: datetime) -> PostingCopy:
        elsewhere["page"] = html
        found = look(copy.pk, world.organization, moment)
        assert found is not None
        return found

    posting = Posting.objects.select_related("organization").get()
    block = public_posting("northwind", posting.token, NOW).block
    texts = copy_texts(block)
    assert seen("<p>Engineer</p>", NOW).open_since == NOW
    later = seen(f"<pre>{texts['text'].replace('20', '30')}</pre>", NOW + DAY)
    assert (later.state, later.open_since) == (CopyState.DIFFERS, NOW)  # since the first day
    assert seen(f"<pre>{texts['text']}</pre>", NOW + DAY).open_since is None
    assert seen(texts["html"], NOW + DAY).state == CopyState.CLEAR
    assert look_at_all(world.organization, NOW + DAY) == 0  # it was looked at just now
    assert look_at_all(world.organization, NOW + 2 * DAY) == 1
    assert world.program is not None
    close_program(world.program, by=world.system, now=NOW + 2 * DAY)
    copy.refresh_from_db()
    assert copy.open_since == NOW + 2 * DAY
    assert seen(texts["html"], NOW + 3 * DAY).state == CopyState.DIFFERS
    assert "still shows it" in job_shown(rita, live.public_id, NOW).copies[0].findings[0][1]
    assert seen("<p>Engineer</p>", NOW + 3 * DAY).open_since is None


def test_a_private_address_is_never_asked(world: World) -> None:
    for url in ("https://127.0.0.1/x", "https://169.254.169.254/", "http://example.org/"):
        with pytest.raises(linting.Unread):
            linting.fetch(url)


BOARD = {
    "jobs": [
        {
            "id": 1, "internal_job_id": 77, "title": " Data  engineer ", "more": [1],
            "absolute_url": "https://boards.example.org/jobs/1",
            "location": {"name": "Remote, Portugal"}, "departments": [{"name": "Data"}],
            "content": "&lt;p&gt;You &lt;b&gt;move&lt;/b&gt; data.&lt;/p&gt;"
            "&lt;ul&gt;&lt;li&gt;fast&lt;/li&gt;&lt;/ul&gt;",
            "updated_at": "2026-01-20T10:00:00-05:00",
        }
    ]
}  # fmt: skip


def test_jobs_of_a_board_are_shown_before_they_are_taken_over(
    world: World, rita: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    (job,) = parse(json.dumps(BOARD).encode())
    assert (job.ref, job.title, job.is_remote) == ("77", "Data engineer", True)
    assert job.description == "You move data.\n\n- fast"
    for wrong, code in ((b"[]", "jobs"), (b"{", "json"), (b'{"jobs": [{"id": 1}]}', "title")):
        with pytest.raises(Unfit) as unfit:
            parse(wrong)
        assert unfit.value.code == code
    shown: list[BoardJob] = [job]
    monkeypatch.setattr(
        "handrail.apps.hiring.actions.board.read_board", lambda *_said: tuple(shown)
    )
    first = read_jobs("example", by=rita, now=NOW)
    assert [one["what"] for one in differences(first)] == ["new"]
    assert not Job.objects.exists()
    second = read_jobs("example", by=rita, now=NOW)
    assert apply_jobs(second, by=rita, now=NOW) == {"new": 1, "changed": 0, "same": 0}
    with pytest.raises(Conflict):
        apply_jobs(first, by=rita, now=NOW)  # jobs changed since it was read
    shown.clear()
    gone = read_jobs("example", by=rita, now=NOW)
    assert [one["what"] for one in differences(gone)] == ["gone"]
    apply_jobs(gone, by=rita, now=NOW)
    assert Job.objects.get().closed_at is None
