"""Office hours: recurring slots, a fair rota of mentors, and times that anyone eligible books."""
