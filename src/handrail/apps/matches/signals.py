"""Questions that this room asks upwards without knowing who answers."""

from django.dispatch import Signal

# Sent with `program`; a receiver answers {mentee's person id: [starts of live sessions]}.
sessions_asked = Signal()
