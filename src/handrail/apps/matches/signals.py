"""Questions that this room asks upwards without knowing who answers."""

from django.dispatch import Signal

# Sent with `program`; a receiver answers {mentee's person id: [starts of live sessions]}.
sessions_asked = Signal()

# Sent with `since`, a moment; a receiver answers the pairs of person ids that met since then, or
# are booked to meet: {(mentee, mentor), ...}.
meetings_asked = Signal()
