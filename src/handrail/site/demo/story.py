"""The demo's story in seven steps; each calls the verbs that the web calls."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from handrail.apps.matches.actions import propose_matches
from handrail.apps.matches.models import MatchRun, RunStatus
from handrail.apps.matches.queries import match_cards, unmatched_cards
from handrail.apps.organizations.actions import grant_role
from handrail.apps.organizations.models import Grant, Organization
from handrail.apps.organizations.scope import reading
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outbox.runner import drain
from handrail.apps.people.actions import import_merges, import_people, invite, start_organization
from handrail.apps.people.models import Person, TakesPartAs
from handrail.apps.people.queries import skills, still_here, viewer_for_person
from handrail.apps.pilots.models import Pilot
from handrail.apps.programs.actions import (
    create_program,
    edit_program,
    enrol_everyone,
    set_objective,
    start_program,
)
from handrail.apps.programs.models import Enrolment, EnrolmentRole, Program
from handrail.apps.programs.templates import TEMPLATES
from handrail.apps.reports.actions import build_pilot_report, build_report
from handrail.apps.reports.models import Report
from handrail.apps.reports.queries import report_html, report_json, report_page
from handrail.apps.sessions.actions import publish_run
from handrail.apps.sessions.models import SessionState
from handrail.apps.sessions.queries import program_pulse, room, sessions_of_program
from handrail.apps.sessions.simulator import play, simulated_viewer
from handrail.site.demo.answering import play_answers
from handrail.site.demo.files import (
    EXAMPLE_DATA_END,
    MERGE_MOMENTS,
    PEOPLE_DAYS,
    monday_of,
    moved,
    office_file,
    shift_for,
    with_manager,
)
from handrail.site.demo.gathering import plan_gathering
from handrail.site.demo.hiring import tell_of_hires
from handrail.site.demo.posting import show_posting
from handrail.site.demo.telling import Telling, both_times, counted
from handrail.site.demo.trial import plan_trial

WEEK = timedelta(days=7)
WEEKS_PLAYED = 4
SHOWN = 4  # matches of a week that are printed with their reasons
TEMPLATE = "tooling-start"
STORIES_IN_WORDS = {
    "held": "held",
    "artifact chased": "held with a chased artifact",
    "artifact missing": "held without an artifact so far",
    "moved": "moved",
    "mentee absent": "without the mentee",
    "mentor absent": "without the mentor",
    "nobody came": "to which nobody came",
    "late cancel": "cancelled late",
    "early cancel": "cancelled early",
}


@dataclass(frozen=True, slots=True)
class Inputs:
    """What decides how the demo plays."""

    today: date
    seed: int
    name: str
    people: bytes
    merges: bytes


class Story:
    """Plays the demo into an empty, migrated database and tells it line by line."""

    def __init__(self, inputs: Inputs, tell: Telling, *, home: Path, clock: datetime) -> None:
        self.inputs = inputs
        self.tell = tell
        self.home = home
        self.clock = clock  # the real time, for the week that is left to the visitor
        self.monday = monday_of(inputs.today)
        self.start = datetime.combine(self.monday, time(), UTC)
        self.shift = shift_for(inputs.today)
        self.organization: Organization
        self.program: Program
        self.admin: Viewer
        self.lead: Person
        self.trial: Pilot

    def play(self) -> list[Path]:
        """All steps in order; returns the reports' HTML files, the program's last."""
        self.organization = start_organization(
            self.inputs.name,
            admin_email="admin@example.org",
            admin_name="Adele Winter",
            timezone="UTC",
            language="en",
            now=self.start,
            is_demo=True,
        )
        with reading(self.organization):
            self.admin = viewer_for_person(Person.objects.get(external_id="admin"))
            self._people()
            files = [self._report(None, self.monday - timedelta(days=1), self.start)]
            self._program()
            self.trial = plan_trial(self.lead, monday=self.monday, by=self.admin, now=self.start)
            for number in range(WEEKS_PLAYED):
                self._week(number)
            self._afterwards()
            self._answers(self.start + WEEKS_PLAYED * WEEK - timedelta(hours=8))
            end = self.start + WEEKS_PLAYED * WEEK
            files.append(self._trial_report(end.date() - timedelta(days=1), end))
            files.append(self._report(self.program, end.date() - timedelta(days=1), end))
            self._further_week(end)
            self._hires(end)
        return files

    def _hires(self, now: datetime) -> None:
        """What a hiring system tells: one comes in by itself, one waits for the lead's word."""
        sure, waiting = tell_of_hires(self.program, lead=simulated_viewer(self.lead), now=now)
        self.tell.line(
            f"Hired: {sure.name} comes in on {sure.start_date}; {waiting.name} waits under "
            "Programs, New hires: no program is named for the job."
        )

    def _people(self) -> None:
        tell, now = self.tell, self.start
        tell.heading("1  People come in")
        data_end = EXAMPLE_DATA_END + self.shift
        import_people(office_file("Europe/London"), filename="office.csv", by=self.admin, now=now)
        came = import_people(
            with_manager(moved(self.inputs.people, self.shift, PEOPLE_DAYS)),
            filename="people.csv",
            by=self.admin,
            now=now,
            data_end=data_end,
        )
        merges = import_merges(
            moved(self.inputs.merges, self.shift, MERGE_MOMENTS),
            filename="merges.csv",
            by=self.admin,
            now=now,
            data_end=data_end,
        )
        tell.line(
            f"{counted(came.created, 'person', 'people')}, {counted(merges.created, 'merge')}, "
            f"{counted(skills().count(), 'skill')}; every line was read without an error."
        )
        if self.shift:
            weeks = self.shift.days // 7
            tell.line(f"Their dates are moved by {weeks} weeks; weekdays stay what they were.")
        for person_id, role in (
            ("office-analyst", Grant.ANALYST),
            ("office-auditor", Grant.AUDITOR),
            ("office-recruiter", Grant.RECRUITER),
        ):
            person = Person.objects.get(external_id=person_id)
            invite(person, by=self.admin, now=now)
            person.refresh_from_db()
            assert person.membership is not None
            grant_role(person.membership, role, by=self.admin, now=now)
        here = [p for p in still_here(self.monday).select_related("membership") if p.role]
        for person in [*here, Person.objects.get(external_id="office-manager")]:
            invite(person, by=self.admin, now=now)
        sent = drain(now=now, limit=10_000).delivered
        tell.line(
            f"{len(here)} are still here on {self.monday} and get a sign-in; the others count as "
            "former people."
        )
        tell.line(
            f"{counted(sent, 'welcome mail')} went out. Five people of an office are made up."
        )

    def _program(self) -> None:
        tell, now = self.tell, self.start
        template = TEMPLATES[TEMPLATE]
        mentors = still_here(self.monday).filter(role=TakesPartAs.MENTOR)
        self.lead = mentors.order_by("-minutes_per_week", "external_id")[0]
        by = self.admin
        self.program = create_program(
            TEMPLATE,
            starts_on=self.monday,
            by=by,
            now=now,
            leads=[self.lead],
            seed=self.inputs.seed,
        )
        lead = simulated_viewer(self.lead)
        start_program(self.program, by=lead, now=now)
        enrolled = enrol_everyone(self.program, day=self.monday, by=lead, now=now)
        roles = [enrolment.role for enrolment in enrolled]
        tell.heading(f"3  A program starts from its template: {self.program.name}")
        tell.line(
            f"{counted(self.program.sessions_per_mentee, 'session')} of "
            f"{self.program.session_minutes} minutes within {self.program.within_days} days, "
            f"led by {self.lead.name}."
        )
        minutes = sum(p.minutes_per_week for p in mentors)
        tell.line(
            f"{counted(roles.count(EnrolmentRole.MENTEE), 'mentee')}, "
            f"{counted(roles.count(EnrolmentRole.MENTOR), 'mentor')} with {minutes} minutes a "
            "week; each mentee sets an objective:"
        )
        self._objectives(0, now)
        first = Enrolment.objects.filter(program=self.program, role=EnrolmentRole.MENTEE)
        for enrolment in first.select_related("person").order_by("person__name")[:2]:
            objective = enrolment.objectives.last()
            tell.line(f"{enrolment.person.name}: {objective}", indent=4)
        tell.line(f"Checklist of {len(template.checklist)} lines, artifact of five minutes.")

    def _objectives(self, number: int, now: datetime) -> None:
        """Each mentee sets the objective of this week: the next of the skills they want."""
        template = TEMPLATES[TEMPLATE]
        mentees = Enrolment.objects.filter(
            program=self.program, role=EnrolmentRole.MENTEE, left_at=None
        )
        for enrolment in mentees.select_related("person").order_by("person__external_id"):
            wants = list(enrolment.person.wants.select_related("skill").order_by("priority", "pk"))
            if number and number >= len(wants):
                continue
            skill = wants[number].skill if wants else None
            set_objective(
                enrolment,
                template.objective.format(skill=skill.name if skill else "the team's work"),
                by=simulated_viewer(enrolment.person),
                now=now,
                skill=skill,
            )

    def _week(self, number: int) -> None:
        now = self.start + number * WEEK
        if number:
            self._objectives(number, now)
        run = self._matched(now.date(), simulated_viewer(self.lead), now, number)
        if number == 0:
            self._show_first_run(run)
            self.tell.heading("5  Booked, invited, held: four weeks are played by a simulator")
        before = self._mails()
        outcome = publish_run(run, by=simulated_viewer(self.lead), now=now)
        self.tell.begin(
            f"Week {number + 1}: {counted(len(outcome.booked), 'session')} booked, "
            f"{len(outcome.refused)} refused; played"
        )
        played = play(
            self.program,
            by=self.admin,
            seed=self.inputs.seed,
            now=now,
            until=now + WEEK,
            on_day=lambda day: self.tell.more(f" {day:%a}"),
        )
        stories = ", ".join(
            f"{played.stories[key]} {words}"
            for key, words in STORIES_IN_WORDS.items()
            if played.stories[key]
        )
        mails = counted(self._mails() - before, "mail")
        self.tell.line(f"{stories or 'nothing to play'}; {mails} sent", indent=4)

    def _matched(self, week: date, by: Viewer, now: datetime, number: int) -> MatchRun:
        """The week's proposals; those of a large team are the worker's doing."""
        seed = self.inputs.seed + number
        run = propose_matches(self.program, week=week, by=by, now=now, seed=seed)
        if run.status == RunStatus.RUNNING:
            drain(now=now, limit=10_000)
            run.refresh_from_db()
        return run

    def _mails(self) -> int:
        return sum(1 for _mail in (self.home / "mail").glob("*.eml"))

    def _show_first_run(self, run: MatchRun) -> None:
        tell, viewer = self.tell, simulated_viewer(self.lead)
        cards = match_cards(viewer, run)
        tell.heading("4  Matched: a person and a free slot for both, with reasons")
        for card in cards[:SHOWN]:
            match = card.match
            when = both_times(match.starts_at, match.mentee, match.mentor)
            tell.line(f"{match.mentee.name}, {match.skill}: {match.mentor.name}, {when}")
            tell.line(" ".join(card.reasons[:3]), indent=6)
        if len(cards) > SHOWN:
            tell.line(f"and {len(cards) - SHOWN} more")
        for left in unmatched_cards(viewer, run)[:3]:
            tell.line(f"Not matched: {left.person.name}. {' '.join(left.reasons[:2])}")
        proof = run.certificate
        tell.line(
            f"Proof: {proof['served']} served, at most {proof['served_bound']} could be; fit "
            f"{proof['fit']} of at most {proof['bound']} (gap {proof['gap']:.2%})."
        )

    def _afterwards(self) -> None:
        tell = self.tell
        pulse = program_pulse(self.admin, self.program)
        states, seats = pulse.states, pulse.attendance
        tell.line(
            f"After four weeks: {pulse.held} sessions held, {states['closed']} closed with an "
            f"artifact, {states['awaiting_artifact']} still waiting for one, "
            f"{states['not_held']} not held, {states['cancelled']} cancelled."
        )
        tell.line(
            f"Seats: {seats['attended']} attended, {seats['no_show']} no-shows, "
            f"{seats['late_cancelled']} cancelled late, {seats['not_recorded']} not recorded."
        )
        closed = sessions_of_program(self.admin, self.program).filter(state=SessionState.CLOSED)
        if (session := closed.first()) is not None:
            mentee = next(s.person for s in session.booking.seats.all() if s.role == "mentee")
            artifact = room(viewer_for_person(mentee), session, self.start + 4 * WEEK).artifact
            assert artifact is not None
            assert artifact.owner is not None
            tell.line(f"An artifact, as {mentee.name} sees it ({session.objective}):")
            tell.line(f"Learned: {artifact.learned}", indent=4)
            tell.line(f"Next: {artifact.next_step} ({artifact.owner.name})", indent=4)

    def _answers(self, now: datetime) -> None:
        """One artifact becomes an answer, and a question goes its way."""
        told = play_answers(self.program, now=now)
        if told is None:
            return
        tell, shown = self.tell, told.grown.get_audience_display()
        tell.line(
            f"An artifact becomes an answer, text by text, with the yes of "
            f"{counted(told.wrote, 'person', 'people')}: {shown} may read it."
        )
        tell.line(f"A question finds nothing and waits: {told.question.text}")
        tell.line(f"{told.mentor.name} answers; the next one who asks finds it.", indent=4)

    def _report(self, program: Program | None, cut: date, now: datetime) -> Path:
        """Build, keep and write a report; tell its first sentences."""
        tell = self.tell
        if program is None:
            tell.heading(f"2  The baseline before any program, as known at the end of {cut}")
        else:
            tell.heading(f"6  The program's report, as known at the end of {cut}")
        report = build_report(program=program, cut=cut, by=self.admin, now=now)
        page = report_page(report)["page"]
        for section in page.sections:
            for sentence in section.sentences[:2]:
                tell.line(sentence)
        return self._written(report, "baseline" if program is None else "program")

    def _trial_report(self, cut: date, now: datetime) -> Path:
        """What articles claim, as a pilot of this size can judge it."""
        report = build_pilot_report(pilot=self.trial, cut=cut, by=self.admin, now=now)
        self.tell.line("A pilot tests what articles claim of three sessions in the first month:")
        for sentence in report_page(report)["page"].limits[:3]:
            self.tell.line(sentence, indent=4)
        return self._written(report, "pilot")

    def _written(self, report: Report, name: str) -> Path:
        folder = self.home / "reports"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.json").write_text(report_json(report), encoding="utf-8")
        path = folder / f"{name}.html"
        path.write_text(report_html(report), encoding="utf-8")
        return path

    def _further_week(self, end: datetime) -> None:
        """One week more, published into the coming days and left to the visitor."""
        tell = self.tell
        now = max(end, self.clock)
        week = monday_of(now.date())
        if now.weekday() >= 3:
            week += WEEK  # late in the week: the next one, so that there is something ahead
        lead = viewer_for_person(self.lead)
        edit_program(
            self.program,
            by=lead,
            now=now,
            sessions_per_mentee=self.program.sessions_per_mentee + 2,
            ends_on=week + timedelta(days=13),
        )
        run = self._matched(week, lead, now, WEEKS_PLAYED)
        outcome = publish_run(run, by=lead, now=now)
        retreat = plan_gathering(self.program, self.lead, monday=week, now=now)
        drain(now=now, limit=10_000)
        tell.heading(f"7  Left to you: the week of {week}")
        tell.line(
            f"{self.lead.name} adds two sessions for each mentee; "
            f"{counted(len(outcome.booked), 'session')} booked, nothing of it is played."
        )
        for session in outcome.booked[:2]:
            match = session.match
            assert match is not None
            when = both_times(match.starts_at, match.mentee, match.mentor)
            tell.line(f"{match.mentee.name} with {match.mentor.name}, {when}", indent=4)
        tell.line(
            f"A retreat is planned as well: {retreat.name}, {retreat.starts_on} to "
            f"{retreat.ends_on}, with agenda and kit list."
        )
        shown = show_posting(self.lead, since=self.monday, monday=week, by=self.admin, now=now)
        tell.line(f"What candidates see of a job with mentoring: {shown}")
