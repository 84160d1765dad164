"""Sign-in with a provider that speaks SAML 2.0: an extra, as it needs two more libraries."""

from handrail.integrations.saml.answer import LEEWAY, Arrived, read_answer
from handrail.integrations.saml.document import Distrusted, Trouble, is_installed
from handrail.integrations.saml.metadata import Described, own_metadata, read_metadata
from handrail.integrations.saml.request import way_there

__all__ = [
    "LEEWAY",
    "Arrived",
    "Described",
    "Distrusted",
    "Trouble",
    "is_installed",
    "own_metadata",
    "read_answer",
    "read_metadata",
    "way_there",
]
