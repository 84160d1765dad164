"""Asking for a session in Slack: skill, length and hours; then whom, when and what for.

The first form is answered at once by a view that says "looking"; the outbox looks, and shows what
it found in that view's place. The second form asks, by the action that the page calls.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from handrail.apps.chat.models import ChatAccount
from handrail.apps.chat.replying import answer_later
from handrail.apps.chat.talking import noted
from handrail.apps.chat.visiting import office_hours_of, skills_there, visit_view
from handrail.apps.chat.wording import carried as carried_by
from handrail.apps.chat.wording import is_id, objective_box, only_shown, page, refused_in, short
from handrail.apps.connections.outbound import outbound
from handrail.apps.organizations.refusals import Refusal
from handrail.apps.organizations.scope import writing
from handrail.apps.outbox.actions import enqueue
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.people.models import Person, Skill
from handrail.apps.people.viewers import viewer_for_person
from handrail.apps.programs.models import EnrolmentRole, Program, ProgramModel, ProgramStatus
from handrail.apps.requests import actions, queries
from handrail.apps.requests.options import LENGTHS, Option, options_for
from handrail.apps.sessions.queries import next_objective
from handrail.integrations import slack
from handrail.integrations.slack import Choice, Group

ASK, CHOOSE = "ask", "choose"
ANY, MORNING, AFTERNOON = "any", "morning", "afternoon"
NOON = 12
TIMES = 40  # of each mentor looked at, since hours leave some out
OFFERED = 12  # of each mentor


def first_view(account: ChatAccount, reply_to: str, now: datetime) -> dict[str, Any] | str:
    """The first form; or words that say why there is none, and where to go on.

    Whoever can ask nobody, and may come to office hours, is asked for these.
    """
    person = account.person
    programs, rotas = programs_to_ask(person), office_hours_of(person)
    if not programs and not rotas:
        return _("You take part in no program in which sessions are asked for. %(page)s") % {
            "page": page("today")
        }
    free = [one for one in programs if queries.open_request(one, person) is None]
    if programs and not free:
        already = queries.open_request(programs[0], person)
        return _("You have asked already. This is how it stands: %(page)s") % {
            "page": page("request", already.public_id if already else "")
        }
    asked_for = list(dict.fromkeys(skill for one in free for skill in queries.skills_to_ask(one)))
    choices = [Choice(one.name, str(one.public_id)) for one in asked_for or skills_there(rotas)]
    if asked_for and person.wants.exists():
        choices.insert(0, Choice(_("Anything I wish to learn"), ANY))
    if not asked_for and rotas:
        choices.insert(0, Choice(_("Anything"), ANY))
    if not choices:
        return _("No mentor of your program offers a skill yet. %(page)s") % {
            "page": page("program", free[0].public_id)
        }
    programs = free if asked_for else []
    return slack.modal(
        ASK,
        _("Ask a mentor") if programs else _("Office hours"),
        _first_blocks(programs, choices, person),
        submit=_("Look for mentors"),
        close=_("Not now"),
        private=json.dumps(
            {"program": str(programs[0].public_id) if programs else "", "reply": reply_to}
        ),
    )


def _first_blocks(
    programs: Sequence[Program], choices: list[Choice], person: Person
) -> list[dict[str, Any]]:
    """The fields of the first form; without a program it is for office hours, of one length."""
    objective = next_objective(programs[0], person) if programs else None
    wished = str(objective.skill.public_id) if objective and objective.skill else choices[0].value
    hours = [
        Choice(_("Any time"), ANY),
        Choice(_("Before noon"), MORNING),
        Choice(_("After noon"), AFTERNOON),
    ]
    names = [Choice(one.name, str(one.public_id)) for one in programs[: slack.MOST_OPTIONS]]
    skill = slack.choose(
        "skill", _("Which skill is it about?"), choices[: slack.MOST_OPTIONS], wished
    )
    when = slack.pick_one("hours", _("When, in your own time?"), hours, ANY)
    if not programs:
        return [skill, when]
    lengths = [
        Choice(ngettext("%(n)d minute", "%(n)d minutes", n) % {"n": n}, str(n)) for n in LENGTHS
    ]
    long = slack.pick_one("minutes", _("How long?"), lengths, str(programs[0].session_minutes))
    which = [slack.choose("program", _("Program"), names, names[0].value)] if names[1:] else []
    return [*which, skill, long, when]


def look(account: ChatAccount, submitted: slack.Submitted, now: datetime) -> dict[str, Any]:
    """Say that it is looked for, and have the outbox look."""
    carried = carried_by(submitted)
    chosen = submitted.said
    with writing(account.organization):
        enqueue(
            "chat.options",
            ref={
                "account": str(account.public_id),
                "view": submitted.view[:64],
                "program": (chosen.get("program") or carried.get("program", ""))[:64],
                "skill": chosen.get("skill", ANY)[:64],
                "minutes": chosen.get("minutes", "")[:4],
                "hours": chosen.get("hours", ANY)[:16],
                "reply": carried.get("reply", "")[:300],
            },
            dedupe=f"options:{account.pk}:{submitted.view[:64]}",
            due_at=now,
            stream=f"options:{account.public_id}",
            now=now,
            organization=account.organization,
        )
    return slack.shown_instead(
        only_shown(_("Looking for mentors who have a time with you. This takes a moment."))
    )


def show_options(row: OutboxRow, now: datetime) -> None:
    """Look for mentors, and show them where "looking" stands."""
    account = (
        ChatAccount.objects.filter(public_id=row.ref["account"], ended_at=None)
        .select_related("connection", "person")
        .first()
    )
    if account is None:
        return
    person = account.person
    with translation.override(person.language or settings.LANGUAGE_CODE):
        view = _second_view(row, person, now)
    with noted(account.connection, now) as found:
        slack.update_view(outbound(), slack.workspace_of(found), row.ref["view"], view)


def ask_mentor(account: ChatAccount, submitted: slack.Submitted, now: datetime) -> dict[str, Any]:
    """Ask, by the page's own action; what is refused stands beside its field."""
    carried, said = carried_by(submitted), submitted.said
    person = account.person
    mentor_id, _blank, start = said.get("choice", "").partition(" ")
    starts_at = parse_datetime(start)
    program = _program(person, carried.get("program", ""))
    mentor = Person.objects.filter(public_id=mentor_id).first() if is_id(mentor_id) else None
    if program is None or mentor is None or starts_at is None or starts_at.tzinfo is None:
        return slack.errors({"choice": _("Choose one of the times.")})
    try:
        asked = actions.ask(
            program,
            person,
            mentor,
            starts_at,
            said.get("objective", ""),
            skill=_skill(carried.get("skill", "")),
            minutes=_minutes(carried.get("minutes", ""), program),
            by=viewer_for_person(person),
            now=now,
            # The same form handed in twice is asked once.
            key=f"slack:{account.public_id}:{submitted.view[:60]}",
        )
    except Refusal as refusal:
        return slack.errors(refused_in(refusal, person))
    answer_later(
        account.connection,
        carried.get("reply", ""),
        "asked",
        account=account,
        about=str(asked.public_id),
        now=now,
    )
    words = _("Asked. The time is held until %(name)s answers. This is how it stands: %(page)s") % {
        "name": slack.as_words(mentor.name),
        "page": page("request", asked.public_id),
    }
    return slack.shown_instead(only_shown(words))


def _second_view(row: OutboxRow, person: Person, now: datetime) -> dict[str, Any]:
    program = _program(person, row.ref["program"])
    skill = _skill(row.ref["skill"])
    if program is None:
        view = _visits(row, person, skill, "", _("These times are free in office hours."), now)
        return view or only_shown(
            _("Nothing is free in these hours. Your page says what goes on: %(page)s")
            % {"page": page("today")}
        )
    minutes = _minutes(row.ref["minutes"], program)
    found = options_for(program, person, skill, minutes=minutes, now=now, times=TIMES)
    groups, blocks = [], []
    for option in found:
        times = _times(option, person, row.ref["hours"])[:OFFERED]
        if not times:
            continue
        groups.append(
            Group(
                option.mentor.name,
                tuple(
                    Choice(short(at, person), f"{option.mentor.public_id} {at.isoformat()}")
                    for at in times
                ),
            )
        )
        why = " ".join(option.why[:3])
        blocks.append(
            slack.section(f"*{slack.as_words(option.mentor.name)}* {slack.as_words(why)}")
        )
    whole = page("program_ask", program.public_id)
    objective = next_objective(program, person)
    if not groups:
        why = _("No mentor has a time with you in these hours. These are free in office hours.")
        view = _visits(row, person, skill, objective.text if objective else "", why, now)
        return view or only_shown(
            _("Nobody has a time with you within two weeks in these hours. More is here: %(page)s")
            % {"page": whole}
        )
    blocks += [
        slack.choose("choice", _("Mentor and time"), groups),
        objective_box(objective.text if objective else ""),
        slack.small(_("More times, and why not somebody else: %(page)s") % {"page": whole}),
    ]
    carried = {name: row.ref[name] for name in ("program", "skill", "minutes", "reply")}
    return slack.modal(
        CHOOSE,
        _("Ask a mentor"),
        blocks,
        submit=_("Ask"),
        close=_("Not now"),
        private=json.dumps(carried),
    )


def _visits(
    row: OutboxRow, person: Person, skill: Skill | None, objective: str, why: str, now: datetime
) -> dict[str, Any] | None:
    hours = row.ref["hours"]
    return visit_view(
        person,
        skill,
        fits=lambda at: _fits(at, person, hours),
        why=why,
        objective=objective,
        now=now,
    )


def _times(option: Option, person: Person, hours: str) -> list[datetime]:
    return [at for at in option.starts if _fits(at, person, hours)]


def _fits(at: datetime, person: Person, hours: str) -> bool:
    if hours not in (MORNING, AFTERNOON):
        return True
    return (at.astimezone(ZoneInfo(person.timezone)).hour < NOON) == (hours == MORNING)


def programs_to_ask(person: Person) -> list[Program]:
    """Where the person may ask for sessions one by one, the newest first."""
    found = Program.objects.filter(
        model=ProgramModel.SPEED,
        status=ProgramStatus.RUNNING,
        enrolments__person=person,
        enrolments__role=EnrolmentRole.MENTEE,
        enrolments__left_at=None,
    )
    return list(found.order_by("-starts_on", "-pk"))


def _program(person: Person, public_id: str) -> Program | None:
    return next((one for one in programs_to_ask(person) if str(one.public_id) == public_id), None)


def _skill(public_id: str) -> Skill | None:
    return Skill.objects.filter(public_id=public_id).first() if is_id(public_id) else None


def _minutes(said: str, program: Program) -> int:
    return int(said) if said in map(str, LENGTHS) else program.session_minutes
