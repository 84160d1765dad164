"""What this room says upwards without knowing who listens."""

from django.dispatch import Signal

# Sent with `booking` before its people are locked; a receiver answers whom to lock with them.
freeing = Signal()

# Sent with `booking`, `by`, `now` and `locked` (whom the answers to `freeing` named) in the
# transaction that gave its time back.
freed = Signal()

# Sent with `session` and `now`, in the transaction in which its artifact is handed in.
artifact_handed_in = Signal()

# Sent with `session` and `now`, in the transaction in which a text came after the artifact.
written_late = Signal()

# Sent with `row` (of the outbox), `session`, `reader` and `now` before a mail about a session, also
# where its reader takes no such mail: what else is told them is for a receiver to judge.
mailing = Signal()

# Sent with `person` and `since` for their own calendar; a receiver answers what it has to add.
own_entries = Signal()
