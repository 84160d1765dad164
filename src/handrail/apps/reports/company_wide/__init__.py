"""Every program side by side, from sums that an engine for long tables adds up."""
