"""From a question to a person and back: what is found, who is asked and told, what it avoided."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from factories.answers import hold, make_scene, open_office_hours, written
from factories.outbox import deliver
from factories.world import NOW, World
from handrail.apps.answers import actions
from handrail.apps.answers.counting import avoided
from handrail.apps.answers.models import (
    Answer,
    AnswerState,
    AnswerUse,
    Audience,
    Look,
    Phrasing,
    Question,
    QuestionState,
    Route,
)
from handrail.apps.answers.question_queries import question_page, queue_for
from handrail.apps.organizations.refusals import Conflict, Invalid, NotAllowed, NotFound
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.people.models import EmploymentSpell, Skill
from handrail.apps.sessions.models import RoomText, Session

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
REBASE = "How do I rebase a branch with git?"


def ask(world: World, name: str, text: str = REBASE, **more: Any) -> Question:
    told: dict[str, Any] = {"public_id": uuid4(), "now": NOW, **more}
    return actions.ask(text, by=world.viewer(name), **told)


def say(world: World, question: Question, answer: Answer, outcome: str, now: Any = NOW) -> Question:
    by = world.viewer(question.asker.external_id) if question.asker else world.system
    return actions.say(question, answer, outcome, by=by, now=now, today=now.date())


def mails(kind: str) -> list[str]:
    """To whom mails of a kind go, by public id."""
    return [row.ref["person"] for row in OutboxRow.objects.filter(kind=f"mail.{kind}")]


def who(world: World, *names: str) -> list[str]:
    return [str(world.person(name).public_id) for name in names]


def test_m22_a_question_is_logged_with_what_was_shown(world: World) -> None:
    answer = written(world, "alice", "How do I rebase?", "Like this.")
    question = ask(world, "charlie")
    look = Look.objects.get(question=question)
    assert (look.answer, look.model, look.band, look.outcome) == (answer, "words", "perhaps", "")
    page = question_page(world.viewer("charlie"), question, NOW)
    assert [one.shown.question for one in page.seen] == ["How do I rebase?"]
    assert not page.is_answered  # words alone never say that it is the answer


def test_m22_sent_twice_it_is_asked_once(world: World) -> None:
    number = uuid4()
    first = ask(world, "charlie", public_id=number)
    assert ask(world, "charlie", public_id=number) == first
    assert Question.objects.count() == 1
    with pytest.raises(Conflict):
        ask(world, "charlie", "Another question?", public_id=number)
    with pytest.raises(Conflict):
        ask(world, "bob", public_id=number)


def test_m22_asked_offline_it_keeps_its_moment_but_never_a_later_one(world: World) -> None:
    assert ask(world, "charlie", asked_at=NOW - DAY).asked_at == NOW - DAY
    assert ask(world, "charlie", asked_at=NOW + DAY).asked_at == NOW


def test_m22_solved_counts_a_use_and_suggests_the_words_without_a_name(world: World) -> None:
    answer = written(world, "alice", "How do I rebase?", "Like this.")
    question = say(world, ask(world, "charlie"), answer, "solved")
    assert (question.state, question.answer) == (QuestionState.SOLVED, answer)
    assert AnswerUse.objects.get().solved == 1
    phrasing = Phrasing.objects.get()
    assert phrasing.text == REBASE
    names = {field.name for field in Phrasing._meta.get_fields()}
    assert not names & {"asker", "person", "question"}
    actions.add_phrasing(phrasing, by=world.viewer("alice"), now=NOW)
    with pytest.raises(NotFound):
        actions.add_phrasing(phrasing, by=world.viewer("bob"), now=NOW)


def test_m22_an_expired_answer_is_never_the_answer_and_goes_to_a_person(world: World) -> None:
    written(world, "alice", "How do I rebase?", "Like this.", now=NOW - 91 * DAY)
    question = ask(world, "charlie")
    assert question.route == Route.EXPIRED
    [hit] = question_page(world.viewer("charlie"), question, NOW).seen
    assert hit.shown.is_stale


def test_m22_two_that_did_not_help_within_five_minutes_go_to_a_person(world: World) -> None:
    first = written(world, "alice", "How do I rebase a branch?", "Like this.")
    second = written(world, "alice", "Rebase with git: how?", "Like that.")
    minute = timedelta(minutes=1)
    question = ask(world, "charlie")
    assert say(world, question, first, "not_this", NOW).route == Route.NOTHING
    assert say(world, question, second, "not_this", NOW + 5 * minute).route == Route.NOT_THIS
    slow = ask(world, "bob")
    say(world, slow, first, "not_this", NOW)
    assert say(world, slow, second, "not_this", NOW + 6 * minute).route == Route.NOTHING


def test_m22_words_on_the_list_go_to_a_person_and_into_no_list(world: World) -> None:
    actions.edit_settings(
        words="bullied\nsick leave",
        contact="Call Mona.",
        alarm_hours=24,
        by=world.viewer("adam"),
        now=NOW,
    )
    written(world, "alice", "What if I am bullied?", "Talk.")
    question = ask(world, "charlie", "What do I do when I am BULLIED?")
    assert (question.route, question.hits) == (Route.WORDS, [])
    assert question_page(world.viewer("charlie"), question, NOW).contact == "Call Mona."
    with pytest.raises(Conflict):
        actions.queue(question, by=world.viewer("charlie"), now=NOW)
    assert ask(world, "charlie", "How do I get unbullied git?").route != Route.WORDS
    with pytest.raises(NotAllowed):
        actions.edit_settings(
            words="", contact="", alarm_hours=1, by=world.viewer("alice"), now=NOW
        )


def test_m22_the_loop_closes_and_everybody_who_asked_the_same_is_told(world: World) -> None:
    """Nothing fits, so charlie books marc; what marc writes down becomes the answer."""
    open_office_hours(world)
    near = written(world, "alice", "How do I squash with git?", "Like that.")
    question = ask(world, "charlie", note="I read the manual.")
    page = question_page(world.viewer("charlie"), question, NOW)
    slot = page.slots[0]
    assert slot.host == world.person("marc")
    session = actions.book_slot(
        question, slot.turn, slot.starts_at, by=world.viewer("charlie"), now=NOW
    )
    question.refresh_from_db()
    assert (question.state, question.session) == (QuestionState.BOOKED, session)
    notes = RoomText.objects.get(session=session).body
    assert "I read the manual." in notes
    assert "How do I squash with git?" in notes
    assert "git" in notes.splitlines()[2]

    same = ask(world, "bob", "how do i rebase a branch, with GIT")
    assert same.same_as == question
    actions.queue(same, by=world.viewer("bob"), now=NOW)

    end = hold(session, "Rebase replays commits.", mentee="charlie", host="marc", world=world)
    deliver(end)
    answer = Answer.objects.get(artifact__session=session)
    assert mails("answer_waited_for") == who(world, "marc")
    wanted = dict.fromkeys(("question", "body", "next_step", "link"), int(Audience.ORGANIZATION))
    actions.approve(answer, revision=1, audiences=wanted, by=world.viewer("marc"), now=end)
    deliver(end)
    # Charlie was in the session and may read it; bob may not before charlie agrees to the words.
    assert mails("question_answered") == who(world, "charlie")
    actions.agree(
        answer,
        "question",
        Audience.ORGANIZATION,
        revision=1,
        by=world.viewer("charlie"),
        now=end + DAY,
    )
    deliver(end + DAY)
    assert sorted(mails("question_answered")) == sorted(who(world, "charlie", "bob"))
    states = Question.objects.filter(pk__in=[question.pk, same.pk]).values_list("state", "answer")
    assert list(states) == [(QuestionState.ANSWERED, answer.pk)] * 2
    assert near.state == AnswerState.LIVE


def test_m22_booking_and_question_stand_together_or_not_at_all(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_office_hours(world)
    question = ask(world, "charlie")
    slot = question_page(world.viewer("charlie"), question, NOW).slots[0]
    actions.withdraw(question, by=world.viewer("charlie"), now=NOW)
    before = Session.objects.count()
    with pytest.raises(Conflict):
        actions.book_slot(question, slot.turn, slot.starts_at, by=world.viewer("charlie"), now=NOW)
    monkeypatch.setattr("handrail.apps.answers.actions.asking.raised", lambda *rows, **values: 0)
    other = ask(world, "charlie")
    with pytest.raises(Conflict):
        actions.book_slot(other, slot.turn, slot.starts_at, by=world.viewer("charlie"), now=NOW)
    assert Session.objects.count() == before


def test_m22_nobody_free_means_a_queue_with_an_alarm_and_a_mail_when_times_are_free(
    world: World,
) -> None:
    question = ask(world, "charlie", skill=Skill.objects.get(name="git"))
    assert question_page(world.viewer("charlie"), question, NOW).slots == []
    actions.queue(question, by=world.viewer("charlie"), now=NOW)
    assert queue_for(world.viewer("alice")) == [question]
    with pytest.raises(NotAllowed):
        queue_for(world.viewer("bob"))
    actions.tend_queue(by=world.system, now=NOW + timedelta(hours=23))
    assert mails("question_waits") == []
    for _twice in range(2):
        actions.tend_queue(by=world.system, now=NOW + timedelta(hours=24))
    assert mails("question_waits") == who(world, "adam")
    open_office_hours(world)
    for _twice in range(2):
        actions.tend_queue(by=world.system, now=NOW + timedelta(hours=25))
    assert mails("question_free") == who(world, "charlie")


def test_m22_who_knows_answers_in_writing_and_the_words_of_the_asker_stay_theirs(
    world: World,
) -> None:
    question = ask(world, "charlie", skill=Skill.objects.get(name="git"))
    actions.queue(question, by=world.viewer("charlie"), now=NOW)
    wanted = dict.fromkeys(("question", "body", "next_step", "link"), int(Audience.ORGANIZATION))
    answer = actions.answer_in_writing(
        question,
        asked_as=REBASE,
        body="Like this.",
        audiences=wanted,
        by=world.viewer("alice"),
        now=NOW,
    )
    deliver(NOW)
    question.refresh_from_db()
    assert (question.state, question.answer) == (QuestionState.ANSWERED, answer)
    assert mails("question_answered") == who(world, "charlie")
    assert answer.audience == Audience.PAIR
    assert mails("answer_yes") == who(world, "charlie")


def test_m22_one_that_is_there_may_answer_what_waits(world: World) -> None:
    there = written(world, "alice", "How do I rebase?", "Like this.")
    near = written(world, "alice", "Only for us?", "Yes.", audience=Audience.TEAM)
    question = ask(world, "charlie", skill=Skill.objects.get(name="git"))
    actions.queue(question, by=world.viewer("charlie"), now=NOW)
    by = world.viewer("alice")
    with pytest.raises(Conflict):
        actions.point_to(question, near, by=by, now=NOW)
    assert actions.point_to(question, there, by=by, now=NOW).state == QuestionState.ANSWERED
    assert mails("question_answered") == who(world, "charlie")


def test_m21_owners_who_left_leave_it_to_the_team_and_reviews_ask_for_what_is_in_use(
    world: World,
) -> None:
    used = written(world, "alice", "How do I rebase?", "Like this.")
    written(world, "alice", "How do I squash?", "Like that.")
    actions.note_read(used, (NOW + 60 * DAY).date())
    from handrail.apps.answers.actions.clock import tend

    tend(by=world.system, now=NOW + 82 * DAY)
    assert mails("answer_review") == []
    for _twice in range(2):
        tend(by=world.system, now=NOW + 83 * DAY)
    assert mails("answer_review") == who(world, "alice")
    tend(by=world.system, now=NOW + 90 * DAY)
    assert len(mails("answer_review")) == 2
    EmploymentSpell.objects.filter(person=world.person("alice")).update(
        ended_on=date(2026, 5, 3), end_known_since=date(2026, 5, 3)
    )
    tend(by=world.system, now=NOW + 91 * DAY)
    used.refresh_from_db()
    assert (used.owner, used.team) == (None, world.person("bob").team)
    actions.check(used, by=world.viewer("bob"), now=NOW + 91 * DAY)


def test_m22_repeat_questions_avoided_and_missed(world: World) -> None:
    """Five askers: four were helped, of whom one booked after all; one session was a repetition."""
    open_office_hours(world)
    answer = written(world, "alice", "How do I rebase?", "Like this.")
    for name in ("dora", "emil"):
        world.add(name, role="mentee")
    git = Skill.objects.get(name="git")
    for name in ("charlie", "dora", "emil", "mona"):
        say(world, ask(world, name, skill=git), answer, "solved")
    again = ask(world, "mona", "Rebase once more?", skill=git)
    slot = question_page(world.viewer("mona"), again, NOW).slots[0]
    later = NOW + timedelta(hours=1)
    actions.book_slot(again, slot.turn, slot.starts_at, by=world.viewer("mona"), now=later)
    scene = make_scene(world)
    actions.same_as(scene.answer, answer, by=scene.by("bob"), now=scene.now)
    days = (NOW - DAY).date(), (NOW + 30 * DAY).date()
    soon = avoided(world.viewer("ana"), *days, now=NOW + 2 * DAY)
    assert (soon.avoided, soon.waiting, soon.is_shown) == (0, 4, False)
    found = avoided(world.viewer("ana"), *days, now=NOW + 8 * DAY)
    assert (found.avoided, found.missed, found.needed, found.asked) == (3, 1, 2, 5)
    assert (found.people, found.is_shown) == (5, True)
    # Charlie, dora, emil and bob stand behind the share: four are too few to show one.
    assert found.share is None
    assert found.person is None
    with pytest.raises(NotAllowed):
        avoided(world.viewer("bob"), *days, now=NOW)
    for first, last, wrong in (
        (None, date.min, ["last"]),
        (None, date.max, ["last"]),
        (date.min, date(2026, 2, 2), ["first"]),
    ):
        with pytest.raises(Invalid) as refused:
            avoided(world.viewer("ana"), first, last, now=NOW)
        assert list(refused.value.fields) == wrong


def test_m21_the_same_answer_is_suggested_and_never_merged(world: World) -> None:
    answer = written(world, "bob", "How do I get rebasing right?", "Like this.")
    scene = make_scene(world)
    actions.same_as(scene.answer, answer, by=scene.by("bob"), now=scene.now)
    assert scene.fresh().state == AnswerState.DUPLICATE
    assert Phrasing.objects.get(answer=answer).state == "suggested"
    answer.refresh_from_db()
    assert answer.current is not None
    assert answer.current.body == "Like this."
