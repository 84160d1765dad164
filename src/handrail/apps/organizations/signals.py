"""What this room says upwards without knowing who listens."""

from django.dispatch import Signal

# Sent with `entry`, `by` and `now` for each line of the audit record, in its transaction.
audited = Signal()
