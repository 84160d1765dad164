"""Microsoft's calendars, by Graph: times and whether they are busy, and nothing else of them."""

from handrail.integrations.microsoft_calendar.reading import SCOPES, read

__all__ = ["SCOPES", "read"]
