"""What devices send and get: who is signed in, operations, the room."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ninja import Schema


class DeviceOut(Schema):
    account: UUID
    epoch: UUID
    now: datetime
    schema_version: int
    token: str
