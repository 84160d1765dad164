"""Asking for a session in Slack: skill, length and hours; then whom, when and what for.

The first form is answered at once by a view that says "looking"; the outbox looks, and shows what
it found in that view's place. The second form asks, by the action that the page calls.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.dateformat import format as django_format
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from handrail.apps.calendars.refusals import SlotTaken
from handrail.apps.chat.models import ChatAccount
from handrail.apps.chat.replying import answer_later
from handrail.apps.chat.talking import noted
from handrail.apps.connections.outbound import outbound
from handrail.apps.organizations.refusals import Conflict, Invalid, Refusal
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

ASK, CHOOSE, WAIT = "ask", "choose", "wait"
ANY, MORNING, AFTERNOON = "any", "morning", "afternoon"
NOON = 12
TIMES = 40  # of each mentor looked at, since hours leave some out
OFFERED = 12  # of each mentor
LONGEST_OBJECTIVE = 280


def first_view(account: ChatAccount, reply_to: str, now: datetime) -> dict[str, Any] | str:
    """The first form; or words that say why there is none, and where to go on."""
    person = account.person
    programs = programs_to_ask(person)
    if not programs:
        return _("You take part in no program in which sessions are asked for. %(page)s") % {
            "page": _page("today")
        }
    free = [one for one in programs if queries.open_request(one, person) is None]
    if not free:
        already = queries.open_request(programs[0], person)
        return _("You have asked already. This is how it stands: %(page)s") % {
            "page": _page("request", already.public_id if already else "")
        }
    skills = {skill.public_id: skill for one in free for skill in queries.skills_to_ask(one)}
    choices = [Choice(skill.name, str(key)) for key, skill in skills.items()]
    if person.wants.exists():
        choices.insert(0, Choice(_("Anything I wish to learn"), ANY))
    if not choices:
        return _("No mentor of your program offers a skill yet. %(page)s") % {
            "page": _page("program", free[0].public_id)
        }
    objective = next_objective(free[0], person)
    wished = str(objective.skill.public_id) if objective and objective.skill else choices[0].value
    lengths = [
        Choice(ngettext("%(n)d minute", "%(n)d minutes", n) % {"n": n}, str(n)) for n in LENGTHS
    ]
    hours = [
        Choice(_("Any time"), ANY),
        Choice(_("Before noon"), MORNING),
        Choice(_("After noon"), AFTERNOON),
    ]
    names = [Choice(one.name, str(one.public_id)) for one in free[: slack.MOST_OPTIONS]]
    blocks = [
        *([slack.choose("program", _("Program"), names, names[0].value)] if free[1:] else []),
        slack.choose("skill", _("Which skill is it about?"), choices[: slack.MOST_OPTIONS], wished),
        slack.pick_one("minutes", _("How long?"), lengths, str(free[0].session_minutes)),
        slack.pick_one("hours", _("When, in your own time?"), hours, ANY),
    ]
    return slack.modal(
        ASK,
        _("Ask a mentor"),
        blocks,
        submit=_("Look for mentors"),
        close=_("Not now"),
        private=json.dumps({"program": names[0].value, "reply": reply_to}),
    )


def look(account: ChatAccount, submitted: slack.Submitted, now: datetime) -> dict[str, Any]:
    """Say that it is looked for, and have the outbox look."""
    carried = _carried(submitted)
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
        _only_shown(_("Looking for mentors who have a time with you. This takes a moment."))
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
    carried, said = _carried(submitted), submitted.said
    person = account.person
    mentor_id, _blank, start = said.get("choice", "").partition(" ")
    starts_at = parse_datetime(start)
    program = _program(person, carried.get("program", ""))
    mentor = Person.objects.filter(public_id=mentor_id).first() if _is_id(mentor_id) else None
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
    except SlotTaken as refusal:
        others = ", ".join(_short(at, person) for at in refusal.alternatives)
        more = _(" Still free: %(times)s.") % {"times": others} if others else ""
        return slack.errors({"choice": f"{refusal.message}{more}"})
    except (Invalid, Conflict) as refusal:
        fields = refusal.fields if isinstance(refusal, Invalid) else {}
        if "objective" in fields:
            return slack.errors({"objective": str(fields["objective"])})
        return slack.errors({"choice": str(refusal.message)})
    except Refusal as refusal:
        return slack.errors({"choice": str(refusal.message)})
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
        "page": _page("request", asked.public_id),
    }
    return slack.shown_instead(_only_shown(words))


def _second_view(row: OutboxRow, person: Person, now: datetime) -> dict[str, Any]:
    program = _program(person, row.ref["program"])
    if program is None:
        return _only_shown(
            _("This program is over. Your page says what goes on: %(page)s")
            % {"page": _page("today")}
        )
    skill, minutes = _skill(row.ref["skill"]), _minutes(row.ref["minutes"], program)
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
                    Choice(_short(at, person), f"{option.mentor.public_id} {at.isoformat()}")
                    for at in times
                ),
            )
        )
        why = " ".join(option.why[:3])
        blocks.append(
            slack.section(f"*{slack.as_words(option.mentor.name)}* {slack.as_words(why)}")
        )
    page = _page("program_ask", program.public_id)
    if not groups:
        return _only_shown(
            _("Nobody has a time with you within two weeks in these hours. More is here: %(page)s")
            % {"page": page}
        )
    objective = next_objective(program, person)
    blocks += [
        slack.choose("choice", _("Mentor and time"), groups),
        slack.write(
            "objective",
            _("What do you want to be able to do afterwards?"),
            text=objective.text if objective else "",
            hint=_("One sentence. Your mentor reads it before the session."),
            longest=LONGEST_OBJECTIVE,
        ),
        slack.small(_("More times, and why not somebody else: %(page)s") % {"page": page}),
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


def _times(option: Option, person: Person, hours: str) -> list[datetime]:
    zone = ZoneInfo(person.timezone)
    if hours not in (MORNING, AFTERNOON):
        return option.starts
    return [at for at in option.starts if (at.astimezone(zone).hour < NOON) == (hours == MORNING)]


def _only_shown(text: str) -> dict[str, Any]:
    return slack.modal(WAIT, _("Ask a mentor"), [slack.section(text)], close=_("Got it"))


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
    return Skill.objects.filter(public_id=public_id).first() if _is_id(public_id) else None


def _minutes(said: str, program: Program) -> int:
    return int(said) if said in map(str, LENGTHS) else program.session_minutes


def _short(at: datetime, person: Person) -> str:
    local = at.astimezone(ZoneInfo(person.timezone))
    # Translators: Django date format of a day in a list, for example Tue 3 Feb
    day = django_format(local, _("D j M"))
    return f"{day}, {local:%H:%M} ({person.timezone})"


def _carried(submitted: slack.Submitted) -> dict[str, str]:
    try:
        carried = json.loads(submitted.private or "{}")
    except ValueError:
        return {}
    return (
        {str(name): str(value) for name, value in carried.items()}
        if isinstance(carried, dict)
        else {}
    )


def _page(name: str, *args: object) -> str:
    return f"{settings.BASE_URL}{reverse(name, args=[*args])}"


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
