"""Mails that carry a calendar entry (iTIP, iMIP): values in, one message out, nothing sent."""

from handrail.integrations.calendar_mail.build import build_mail, calendar_file, feed_text
from handrail.integrations.calendar_mail.facts import (
    Address,
    CalendarEntry,
    Link,
    MailFacts,
    Method,
)

__all__ = [
    "Address",
    "CalendarEntry",
    "Link",
    "MailFacts",
    "Method",
    "build_mail",
    "calendar_file",
    "feed_text",
]
