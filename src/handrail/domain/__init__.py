"""Ground floor: pure dataclasses and functions, without Django, network or clock."""
