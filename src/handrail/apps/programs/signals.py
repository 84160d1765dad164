"""What this room says upwards without knowing who listens."""

from django.dispatch import Signal

# Sent with `program`, `by` and `now` in the transaction that made it, started it or closed it.
program_changed = Signal()
