"""Project mentorship: one mentor for an early project, with check-ins in a rhythm to its end."""
