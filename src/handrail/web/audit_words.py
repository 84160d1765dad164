"""The audit record in plain words: what was done, by whom, to what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from handrail.apps.organizations.models import AuditEntry

# By verb, and where a verb alone does not say enough, by what it was done to.
DONE: dict[str, Any] = {
    "add membership": gettext_lazy("gave a place here"),
    "answer.agreed": gettext_lazy("said how far their words in an answer go"),
    "answer.approved": gettext_lazy("approved an answer"),
    "answer.checked": gettext_lazy("looked through an answer"),
    "answer.deleted": gettext_lazy("deleted an answer"),
    "answer.dismissed": gettext_lazy("put a proposed answer aside"),
    "answer.draft_discarded": gettext_lazy("threw away a draft of an answer"),
    "answer.edited": gettext_lazy("changed the words of an answer"),
    "answer.handed_over": gettext_lazy("gave an answer another owner"),
    "answer.outdated": gettext_lazy("flagged an answer as out of date"),
    "answer.owner_left": gettext_lazy("gave an answer to a team whose owner had left"),
    "answer.phrasing": gettext_lazy("decided by which words an answer is found"),
    "answer.proposed": gettext_lazy("made an answer of an artifact"),
    "answer.same": gettext_lazy("said that two answers are the same"),
    "answer.written": gettext_lazy("wrote an answer"),
    "answers.edge_applied": gettext_lazy("decided from where on a hit is called the answer"),
    "answers.settings": gettext_lazy("decided which questions are for a person"),
    "calendar.added": gettext_lazy("added a calendar"),
    "calendar.removed": gettext_lazy("removed a calendar"),
    "cohort.ended": gettext_lazy("ended a cohort"),
    "cohort.formed": gettext_lazy("formed groups of new hires"),
    "cohort.intake_called_off": gettext_lazy("called an intake off"),
    "cohort.intake_edited": gettext_lazy("changed an intake"),
    "cohort.intake_opened": gettext_lazy("opened an intake"),
    "cohort.left": gettext_lazy("left a cohort, or took somebody out"),
    "cohort.member_moved": gettext_lazy("put somebody into another group"),
    "cohort.offer_accepted": gettext_lazy("took a free seat in a cohort"),
    "cohort.place_changed": gettext_lazy("changed their place in an intake"),
    "cohort.started": gettext_lazy("started a cohort"),
    "cohort.taken_in": gettext_lazy("took new hires into an intake"),
    "cohort.weeks_over": gettext_lazy("came to the end of a cohort's twelve weeks"),
    "consent person": gettext_lazy("allowed something"),
    "create api key": gettext_lazy("made an API key"),
    "create organization": gettext_lazy("made the organisation"),
    "edit organization": gettext_lazy("changed the organisation"),
    "feed.made": gettext_lazy("made an address for their sessions"),
    "feed.revoked": gettext_lazy("let the address of their sessions answer no more"),
    "grant membership": gettext_lazy("gave a role"),
    "harm.acknowledged": gettext_lazy("noted that a report of harm was seen"),
    "harm.closed": gettext_lazy("noted that a report of harm was closed"),
    "harm.contacts_named": gettext_lazy("named who receives reports of harm"),
    "harm.escalated": gettext_lazy("let a report of harm reach more people"),
    "harm.reported": gettext_lazy("received a report of harm"),
    "matches.asked": gettext_lazy("asked for a match"),
    "matches.discarded": gettext_lazy("put a match aside"),
    "matches.failed": gettext_lazy("could not match"),
    "matches.proposed": gettext_lazy("matched a week"),
    "matches.published": gettext_lazy("published a match"),
    "matches.stopped": gettext_lazy("stopped a match"),
    "merges.imported": gettext_lazy("imported merged changes"),
    "objective.changed": gettext_lazy("changed an objective"),
    "objective.set": gettext_lazy("set an objective"),
    "office_hours.moved_on": gettext_lazy("moved a turn on"),
    "office_hours.nobody": gettext_lazy("found nobody for a turn"),
    "office_hours.planned": gettext_lazy("planned turns"),
    "office_hours.rules_changed": gettext_lazy("changed the rules of office hours"),
    "office_hours.slot_added": gettext_lazy("added a block of office hours"),
    "office_hours.slot_removed": gettext_lazy("took a block of office hours away"),
    "outcomes.imported": gettext_lazy("imported outcomes"),
    "source.waived": gettext_lazy("waived a source in writing"),
    "task.ticked": gettext_lazy("said that a task was done"),
    "organization.day_closed": gettext_lazy("closed a day for everybody"),
    "organization.day_reopened": gettext_lazy("opened a closed day again"),
    "organization.restored": gettext_lazy("put an older backup back"),
    "pair.forbid": gettext_lazy("kept two people apart"),
    "pair.parted": gettext_lazy("matched two people with others"),
    "pair.pin": gettext_lazy("kept two people together"),
    "pair.undecided": gettext_lazy("took a word on two people back"),
    "people.imported": gettext_lazy("imported people"),
    "person.day_cleared": gettext_lazy("took back their hours for one day"),
    "person.day_set": gettext_lazy("set their hours for one day"),
    "person.edited": gettext_lazy("changed a profile"),
    "person.hours_set": gettext_lazy("set their weekly hours"),
    "person.invited": gettext_lazy("invited somebody"),
    "person.limits_set": gettext_lazy("set their buffers and limits"),
    "person.paused": gettext_lazy("changed a pause"),
    "person.private_list_set": gettext_lazy("changed their private list"),
    "person.snoozed": gettext_lazy("kept a reminder quiet for a while"),
    "person.skills_set": gettext_lazy("changed skills"),
    "pilot.assigned": gettext_lazy("drew hires of a pilot by lot"),
    "pilot.assignment_voided": gettext_lazy("corrected an assignment of a pilot"),
    "pilot.closed": gettext_lazy("closed a pilot and revealed its seed"),
    "pilot.created": gettext_lazy("began to plan a pilot"),
    "pilot.edited": gettext_lazy("changed the plan of a pilot"),
    "pilot.hire_listed": gettext_lazy("wrote down two objectives of a hire"),
    "pilot.places_opened": gettext_lazy("opened places of a pilot's waiting list"),
    "pilot.rule_changed": gettext_lazy("changed by which rule moves are counted"),
    "pilot.started": gettext_lazy("started a pilot and froze its plan"),
    "program.closed": gettext_lazy("closed a program"),
    "program.created": gettext_lazy("made a program"),
    "program.edited": gettext_lazy("changed a program's rules"),
    "program.enrolled": gettext_lazy("enrolled people"),
    "program.lead_named": gettext_lazy("named a lead"),
    "program.left": gettext_lazy("left a program"),
    "program.running": gettext_lazy("started a program"),
    "question.alarm": gettext_lazy("raised the alarm about a question that waits"),
    "question.answered": gettext_lazy("closed a question with an answer"),
    "question.asked": gettext_lazy("asked a question"),
    "question.booked": gettext_lazy("booked somebody for a question"),
    "question.not_this": gettext_lazy("said that an answer did not help"),
    "question.queued": gettext_lazy("let a question wait for somebody"),
    "question.skill": gettext_lazy("said what a question is about"),
    "question.solved": gettext_lazy("said that an answer solved a question"),
    "question.withdrawn": gettext_lazy("took a question back"),
    "quiet.asked": gettext_lazy("asked whether something quiet goes on"),
    "quiet.back": gettext_lazy("brought something quiet back"),
    "quiet.ended": gettext_lazy("ended what was quiet"),
    "quiet.kept": gettext_lazy("let something quiet go on"),
    "report.built": gettext_lazy("made a report"),
    "retreat.announced": gettext_lazy("invited people to a retreat"),
    "retreat.block_put": gettext_lazy("changed a retreat's agenda"),
    "retreat.block_removed": gettext_lazy("took a block off a retreat's agenda"),
    "project.asked_out": gettext_lazy("asked to hand a project over"),
    "project.assigned": gettext_lazy("gave a project its mentor"),
    "project.created": gettext_lazy("made a project"),
    "project.edited": gettext_lazy("changed a project"),
    "project.ended": gettext_lazy("ended a project"),
    "project.handed_over": gettext_lazy("gave a project another mentor"),
    "project.mentor_left": gettext_lazy("noticed that a project's mentor has left"),
    "project.missed": gettext_lazy("told people of a missed check-in"),
    "project.offer_taken_back": gettext_lazy("took back an offer to mentor a project"),
    "project.offered": gettext_lazy("offered to mentor a project"),
    "project.people_left": gettext_lazy("took people who left off a project"),
    "project.stays": gettext_lazy("keeps mentoring a project"),
    "retreat.called_off": gettext_lazy("called a retreat off"),
    "retreat.created": gettext_lazy("made a retreat"),
    "retreat.edited": gettext_lazy("changed a retreat"),
    "retreat.guest_added": gettext_lazy("put somebody on a retreat's list"),
    "retreat.guest_taken_off": gettext_lazy("took somebody off a retreat's list"),
    "retreat.hub_put": gettext_lazy("changed a place of a retreat"),
    "retreat.hub_removed": gettext_lazy("took a place off a retreat"),
    "retreat.item_put": gettext_lazy("changed a retreat's kit list"),
    "retreat.item_removed": gettext_lazy("took something off a retreat's kit list"),
    "retreat.kit_claimed": gettext_lazy("brings something to a retreat"),
    "retreat.kit_marked": gettext_lazy("said how far a retreat's kit is"),
    "retreat.kit_released": gettext_lazy("does not bring something after all"),
    "retreat.part_saved": gettext_lazy("changed their part in a retreat"),
    "retry outbox row": gettext_lazy("sent a message again"),
    "revoke api key": gettext_lazy("revoked an API key"),
    "revoke membership": gettext_lazy("took a place back"),
    "request.accepted": gettext_lazy("accepted a request"),
    "request.asked": gettext_lazy("asked for a session"),
    "request.declined": gettext_lazy("declined a request"),
    "request.lapsed": gettext_lazy("gave a request back"),
    "request.mentor_paused": gettext_lazy("paused a mentor who did not answer"),
    "request.nobody": gettext_lazy("found nobody for a request"),
    "request.passed_over": gettext_lazy("passed a request on"),
    "request.question": gettext_lazy("asked to know more"),
    "request.told": gettext_lazy("told more"),
    "request.withdrawn": gettext_lazy("took a request back"),
    "session.answered": gettext_lazy("answered an invitation by mail"),
    "session.appeal_decided": gettext_lazy("decided about a no-show"),
    "session.appealed": gettext_lazy("said why they missed a session"),
    "session.attendance_corrected": gettext_lazy("corrected attendance"),
    "session.booked": gettext_lazy("booked a session"),
    "session.call_link_given": gettext_lazy("changed the link to a call"),
    "session.cancelled": gettext_lazy("cancelled a session"),
    "session.checked_in": gettext_lazy("checked in"),
    "session.closed": gettext_lazy("handed in an artifact"),
    "session.finished": gettext_lazy("finished a session"),
    "session.handed_over": gettext_lazy("gave a session another mentor"),
    "session.given_up": gettext_lazy("gave a session up"),
    "session.objective": gettext_lazy("said what a session is for"),
    "session.moved": gettext_lazy("moved a session"),
    "session.proposal_accepted": gettext_lazy("took a proposed time"),
    "session.proposal_refused": gettext_lazy("refused a proposed time"),
    "session.seat_left": gettext_lazy("gave back a seat in a group"),
    "session.seat_taken": gettext_lazy("took a seat in a group"),
    "session.started": gettext_lazy("started a session"),
    "session.time_proposed": gettext_lazy("proposed another time by mail"),
    "withdraw consent person": gettext_lazy("withdrew something allowed"),
    "withdraw membership": gettext_lazy("took a role back"),
}
THINGS: dict[str, Any] = {
    "answer": gettext_lazy("answer"),
    "api key": gettext_lazy("API key"),
    "calendar": gettext_lazy("calendar"),
    "cohort": gettext_lazy("cohort"),
    "harm report": gettext_lazy("report of harm"),
    "import": gettext_lazy("import"),
    "intake": gettext_lazy("intake"),
    "match_run": gettext_lazy("match"),
    "membership": gettext_lazy("place"),
    "organization": gettext_lazy("organisation"),
    "outbox row": gettext_lazy("message"),
    "person": gettext_lazy("person"),
    "program": gettext_lazy("program"),
    "project": gettext_lazy("project"),
    "question": gettext_lazy("question"),
    "report": gettext_lazy("report"),
    "request": gettext_lazy("request"),
    "retreat": gettext_lazy("retreat"),
    "session": gettext_lazy("session"),
}


def key_of(verb: str, object_type: str) -> str:
    """What a line is called: its verb, or verb and thing where the verb is a bare one."""
    return verb if "." in verb else f"{verb} {object_type}"


def done(entry: AuditEntry) -> str:
    """What was done."""
    key = key_of(entry.verb, entry.object_type)
    return str(DONE.get(key, key))


def who(entry: AuditEntry, names: Mapping[str, str]) -> str:
    """Who did it; `names` has people by their public id."""
    kind, _colon, rest = entry.actor.partition(":")
    if kind == "person":
        return names.get(rest, _("somebody who is not here any more"))
    if kind == "key":
        return _("API key hr_%(prefix)s_…") % {"prefix": rest}
    if kind == "system":
        return _("the server itself")
    return _("a member without a profile")


def thing(entry: AuditEntry, names: Mapping[str, str]) -> str:
    """What it was done to: a person's name, else the kind of thing."""
    if entry.object_type == "person" and str(entry.object_id) in names:
        return names[str(entry.object_id)]
    return str(THINGS.get(entry.object_type, entry.object_type))
