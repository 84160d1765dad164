"""Hiring: what candidates are shown of the program behind a job, and who was offered one."""
