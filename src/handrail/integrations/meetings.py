"""Which link comes first: people's own, or the one of the organisation's server."""

from __future__ import annotations

from handrail.integrations.kinds import Field, Form

OWN_FIRST, SERVER_FIRST = "own", "server"
ORDER = Field("order", form=Form.CHOICE, choices=(OWN_FIRST, SERVER_FIRST), default=OWN_FIRST)
