"""The time ledger: rules, busy times, bookings, seats, cells and the one claim."""
