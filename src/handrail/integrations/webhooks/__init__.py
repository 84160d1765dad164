"""Webhooks in: whose they are is proven from raw bytes before anything in them is read."""

from handrail.integrations.webhooks.schemes import SCHEMES, Scheme, Signed
from handrail.integrations.webhooks.verifying import (
    Proven,
    Rejected,
    Why,
    json_object,
    scheme_for,
    sign,
    verify,
)

__all__ = [
    "SCHEMES",
    "Proven",
    "Rejected",
    "Scheme",
    "Signed",
    "Why",
    "json_object",
    "scheme_for",
    "sign",
    "verify",
]
