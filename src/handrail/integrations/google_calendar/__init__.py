"""Google's calendars: free or busy, and nothing else of them."""

from handrail.integrations.google_calendar.reading import SCOPES, read

__all__ = ["SCOPES", "read"]
