"""Programs from templates, enrolments, objectives, leads."""
