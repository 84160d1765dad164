"""What our own pages ask for from a device: who is signed in, the clock, operations, a room."""

from __future__ import annotations

from django.http import HttpResponse
from django.middleware.csrf import get_token
from ninja import Router

from handrail.api.device_schemas import DeviceOut
from handrail.api.requests import ApiRequest, browser_auth, key_auth

router = Router(tags=["device"], auth=[key_auth, browser_auth])
SCHEMA = 1  # of operations; the server takes this one and the one before


@router.get("/device", response=DeviceOut, operation_id="read_device")
def read_device(request: ApiRequest, response: HttpResponse) -> DeviceOut:
    """Who is signed in, the clock, the epoch, and a fresh token for the page's posts."""
    response["Cache-Control"] = "no-store"
    return DeviceOut(
        account=request.viewer.account,
        epoch=request.viewer.organization.epoch,
        now=request.now,
        schema_version=SCHEMA,
        token=get_token(request),
    )
