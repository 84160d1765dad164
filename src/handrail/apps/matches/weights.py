"""What a lead's rules weigh against fit, in points; a perfect fit has 10,000.

By the rules' own words, so that a plan can be made without a database, too.
"""

from __future__ import annotations

# For a pair of the plan before, and for its slot: by `KeepPublished`.
KEEP: dict[str, tuple[int, int]] = {
    "ties": (0, 0),
    "prefer": (500, 150),
    "strongly": (3000, 1000),
}

# What each further session of the same mentor costs more than the one before: by `ShareLoad`.
SEAT_PRICE: dict[str, int] = {"fit": 0, "gently": 200, "evenly": 2000}
