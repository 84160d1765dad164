"""Questions that this room asks upwards without knowing who answers."""

from django.dispatch import Signal

# Sent with `program` and `people` (ids); a receiver answers who of them belongs somewhere else.
elsewhere_asked = Signal()
