"""Calendars by CalDAV (RFC 4791): the few requests that reading busy times takes.

The server is never asked to expand repetitions: what it makes of them differs, and is wrong where
a time zone's definition is missing. Objects are read where published calendars are.
"""

from handrail.integrations.caldav.reading import read

__all__ = ["read"]
