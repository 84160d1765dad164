"""The one way out by HTTP: public addresses only, within limits of size and time."""

from handrail.integrations.guarded_http.addresses import Resolver, is_public
from handrail.integrations.guarded_http.client import Answer, Limits, Outbound, Unfetched, Why

__all__ = ["Answer", "Limits", "Outbound", "Resolver", "Unfetched", "Why", "is_public"]
