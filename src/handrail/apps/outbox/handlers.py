"""Who delivers what: from a row's kind to the dotted path of the function that delivers it.

Paths are strings, resolved when a row is due, because the rooms that deliver lie above this one.
A handler is `(row: OutboxRow, now: datetime) -> None`; it runs inside `reading(row.organization)`
with no open transaction. It looks at how things stand now and may deliver nothing. It raises to
be tried again, or `Undeliverable` when trying again cannot help.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.utils.module_loading import import_string

from handrail.apps.outbox.models import OutboxRow

Handler = Callable[[OutboxRow, datetime], None]

HANDLERS: dict[str, str] = {
    "mail.welcome": "handrail.apps.people.tasks.send_welcome",
    "mail.invitation": "handrail.apps.sessions.tasks.send_invitation",
    "mail.update": "handrail.apps.sessions.tasks.send_update",
    "mail.cancellation": "handrail.apps.sessions.tasks.send_cancellation",
    "mail.reminder": "handrail.apps.sessions.tasks.send_reminder",
    "mail.artifact": "handrail.apps.sessions.tasks.chase_artifact",
    "mail.call_link": "handrail.apps.sessions.tasks.send_call_link",
    "mail.new_mentor": "handrail.apps.sessions.handed_over.send_new_mentor",
    "mail.given_away": "handrail.apps.sessions.handed_over.send_given_away",
    "mail.seat_left": "handrail.apps.sessions.seat_mails.send_seat_left",
    "mail.quiet_asked": "handrail.apps.sessions.quiet_mails.send_quiet_asked",
    "mail.quiet_ended": "handrail.apps.sessions.quiet_mails.send_quiet_ended",
    "rule.ask_quiet": "handrail.apps.sessions.quiet_mails.ask_quiet",
    "mail.statement_signed": "handrail.apps.records.mails.send_statement_signed",
    "mail.erasure_asked": "handrail.apps.records.mails.send_erasure_asked",
    "mail.connection_stopped": "handrail.apps.records.mails.send_connection_stopped",
    "mail.retreat_wants_planner": "handrail.apps.records.mails.send_retreat_wants_planner",
    "mail.certificate_ends": "handrail.apps.records.mails.send_certificate_ends",
    "mail.thanks": "handrail.apps.sessions.thanking.send_thanks",
    "mail.no_show": "handrail.apps.sessions.appeal_mails.send_no_show",
    "mail.appeal": "handrail.apps.sessions.appeal_mails.send_appeal",
    "mail.appeal_decided": "handrail.apps.sessions.appeal_mails.send_appeal_decided",
    "mail.request_asked": "handrail.apps.requests.tasks.send_asked",
    "mail.request_told": "handrail.apps.requests.tasks.send_told",
    "mail.request_question": "handrail.apps.requests.tasks.send_question",
    "mail.request_goes_on": "handrail.apps.requests.tasks.send_goes_on",
    "mail.request_nobody": "handrail.apps.requests.tasks.send_nobody",
    "mail.request_taken_back": "handrail.apps.requests.tasks.send_taken_back",
    "mail.pair_ended": "handrail.apps.requests.pair_mails.send_pair_ended",
    "mail.mentor_paused": "handrail.apps.requests.tasks.send_paused",
    "request.go_on": "handrail.apps.requests.tasks.go_on",
    "mail.project_assigned": "handrail.apps.projects.tasks.send_assigned",
    "mail.project_handed_over": "handrail.apps.projects.tasks.send_handed_over",
    "mail.project_wants_mentor": "handrail.apps.projects.tasks.send_wants_mentor",
    "mail.project_offered": "handrail.apps.projects.tasks.send_offered",
    "mail.project_missed": "handrail.apps.projects.tasks.send_missed",
    "mail.project_missed_twice": "handrail.apps.projects.tasks.send_missed_twice",
    "mail.project_ended": "handrail.apps.projects.tasks.send_ended",
    "mail.retreat_day": "handrail.apps.retreats.tasks.send_day",
    "mail.retreat_off": "handrail.apps.retreats.tasks.send_day_off",
    "mail.turn": "handrail.apps.office_hours.tasks.send_turn",
    "mail.turn_off": "handrail.apps.office_hours.tasks.send_turn_off",
    "mail.turn_nobody": "handrail.apps.office_hours.tasks.send_turn_nobody",
    "mail.line_offer": "handrail.apps.office_hours.tasks.send_offer",
    "report.company": "handrail.apps.reports.tasks.build_company",
    "answers.encode": "handrail.apps.answers.search.tasks.encode",
    "mail.hire_in": "handrail.apps.hiring.hire_mails.send_in",
    "mail.hire_moved": "handrail.apps.hiring.hire_mails.send_moved",
    "rule.release_gone": "handrail.apps.hiring.leaving.run",
    "rule.tend_hires": "handrail.apps.hiring.hire_mails.tend",
    "rule.tend_search": "handrail.apps.answers.search.tasks.tend_search",
    "office_hours.plan": "handrail.apps.office_hours.tasks.plan_turns",
    "mail.cohort_in": "handrail.apps.cohorts.tasks.send_in",
    "mail.cohort_called_off": "handrail.apps.cohorts.tasks.send_called_off",
    "mail.cohort_started": "handrail.apps.cohorts.tasks.send_started",
    "mail.cohort_moves": "handrail.apps.cohorts.tasks.send_moves",
    "mail.cohort_offered": "handrail.apps.cohorts.tasks.send_offered",
    "mail.cohort_seat": "handrail.apps.cohorts.tasks.send_seat",
    "mail.cohort_wants_mentor": "handrail.apps.cohorts.tasks.send_wants_mentor",
    "mail.cohort_new_mentor": "handrail.apps.cohorts.tasks.send_new_mentor",
    "mail.cohort_ended": "handrail.apps.cohorts.tasks.send_ended",
    "mail.answer_yes": "handrail.apps.answers.tasks.send_yes_asked",
    "mail.answer_waited_for": "handrail.apps.answers.tasks.send_waited_for",
    "mail.answer_review": "handrail.apps.answers.tasks.send_review",
    "mail.question_answered": "handrail.apps.answers.tasks.send_answered",
    "mail.question_free": "handrail.apps.answers.tasks.send_free",
    "mail.question_waits": "handrail.apps.answers.tasks.send_waits_long",
    "answer.propose": "handrail.apps.answers.tasks.propose",
    "answer.late_words": "handrail.apps.answers.tasks.look_again",
    "question.tell": "handrail.apps.answers.tasks.tell",
    "rule.tend_answers": "handrail.apps.answers.tasks.tend_answers",
    "rule.tend_questions": "handrail.apps.answers.tasks.tend_questions",
    "hiring.event": "handrail.apps.hiring.tasks.take_event",
    "webhook.send": "handrail.apps.connections.sending.send",
    "code.event": "handrail.apps.outcomes.tasks.take_merge",
    "rule.tidy_connections": "handrail.apps.connections.tasks.tidy_connections",
    "chat.send": "handrail.apps.chat.tasks.send",
    # As versions before deliveries wrote them: what was on its way at an update is handed over.
    "chat.person": "handrail.apps.chat.tasks.hand_over",
    "chat.channel": "handrail.apps.chat.tasks.hand_over",
    "chat.options": "handrail.apps.chat.tasks.show_options",
    "chat.reply": "handrail.apps.chat.tasks.send_reply",
    "hiring.look": "handrail.apps.hiring.posting_tasks.look_at_copy",
    "mail.promises_open": "handrail.apps.hiring.posting_tasks.send_promises_open",
    "rule.look_at_copies": "handrail.apps.hiring.posting_tasks.look_at_copies",
    "match.solve": "handrail.apps.matches.tasks.solve_run",
    "session.call_links": "handrail.apps.sessions.tasks.renew_call_links",
    "mail.declined": "handrail.apps.sessions.replies.telling.send_declined",
    "mail.time_proposed": "handrail.apps.sessions.replies.telling.send_proposed",
    "mail.time_refused": "handrail.apps.sessions.replies.telling.send_refused",
    "mail.busy_over": "handrail.apps.sessions.busy_over.send_busy_over",
    "calendar.refresh": "handrail.apps.calendars.tasks.refresh_calendar",
    "rule.run_office_hours": "handrail.apps.office_hours.tasks.run_office_hours",
    "calendar.end": "handrail.apps.calendars.tasks.end_calendar",
    "identity.staff": "handrail.apps.identity.tasks.take_staff",
    "rule.tidy_sign_ins": "handrail.apps.identity.tasks.tidy_sign_ins",
    "rule.follow_pilots": "handrail.apps.pilots.tasks.follow_pilots",
    "rule.look_at_pilots": "handrail.apps.reports.tasks.look_at_pilots",
    "mail.harm_reported": "handrail.apps.safeguarding.tasks.send_harm",
    "mail.harm_reminder": "handrail.apps.safeguarding.tasks.send_harm",
    "mail.harm_escalated": "handrail.apps.safeguarding.tasks.send_harm",
    "mail.harm_answered": "handrail.apps.safeguarding.tasks.send_harm",
    "rule.tend_harm": "handrail.apps.safeguarding.tasks.tend_harm",
    "xapi.send": "handrail.apps.records.learning.send",
    "records.export": "handrail.apps.records.exporting.make_export",
    "rule.tend_exports": "handrail.apps.records.exporting.tend_exports",
    "rule.let_go": "handrail.apps.records.retention.run_letting_go",
    "rule.seal_ledgers": "handrail.apps.records.ledger.run_sealing",
    "rule.tend_cohorts": "handrail.apps.cohorts.tasks.tend_cohorts",
    "rule.refresh_calendars": "handrail.apps.calendars.tasks.refresh_calendars",
    "rule.settle_sessions": "handrail.apps.sessions.tasks.settle_sessions",
    "rule.move_requests_on": "handrail.apps.requests.tasks.move_requests_on",
    "rule.keep_projects": "handrail.apps.projects.tasks.keep_projects",
    "rule.tidy_calendars": "handrail.apps.calendars.tasks.tidy_calendars",
    "rule.tidy_received_mails": "handrail.apps.sessions.replies.telling.tidy_received",
    "rule.tidy_outbox": "handrail.apps.outbox.tasks.tidy_outbox",
}

# What may take minutes: it has a runner of its own, so that no mail waits for it.
SLOW = frozenset(
    {
        "webhook.send",
        "chat.send",
        "xapi.send",
        "match.solve",
        "hiring.look",
        "records.export",
        "calendar.refresh",
        "calendar.end",
    }
)

# What happens by the clock in every organisation: a row is written for each rule and due time.
RULES: dict[str, timedelta] = {
    "rule.settle_sessions": timedelta(minutes=5),
    "rule.move_requests_on": timedelta(minutes=5),
    "rule.run_office_hours": timedelta(minutes=5),
    "rule.keep_projects": timedelta(minutes=15),
    "rule.release_gone": timedelta(minutes=30),
    "rule.tend_hires": timedelta(minutes=30),
    "rule.tend_cohorts": timedelta(minutes=30),
    "rule.refresh_calendars": timedelta(minutes=30),
    "rule.follow_pilots": timedelta(hours=24),
    "rule.tend_questions": timedelta(hours=1),
    "rule.tend_harm": timedelta(hours=1),
    "rule.tend_exports": timedelta(hours=24),
    "rule.let_go": timedelta(hours=24),
    "rule.seal_ledgers": timedelta(minutes=15),
    "rule.tend_answers": timedelta(hours=24),
    "rule.look_at_pilots": timedelta(hours=24),
    "rule.look_at_copies": timedelta(hours=24),
    "rule.ask_quiet": timedelta(hours=24),
    "rule.tidy_calendars": timedelta(hours=24),
    "rule.tidy_received_mails": timedelta(hours=24),
    "rule.tidy_outbox": timedelta(hours=24),
    "rule.tidy_connections": timedelta(hours=24),
    "rule.tidy_sign_ins": timedelta(hours=24),
    "rule.tend_search": timedelta(hours=24),
}


class Undeliverable(Exception):
    """Trying again cannot help; `code` says why in a word or two, without personal data."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def handler_for(kind: str, handlers: Mapping[str, Handler | str] | None = None) -> Handler:
    """The function that delivers this kind; `Undeliverable` if nobody does."""
    registry: Mapping[str, Handler | str] = HANDLERS if handlers is None else handlers
    found = registry.get(kind)
    if found is None:
        raise Undeliverable("no handler")
    if isinstance(found, str):
        resolved: Handler = import_string(found)
        return resolved
    return found
