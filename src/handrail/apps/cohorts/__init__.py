"""Cohorts: intakes of new hires, groups with one mentor, twelve weeks, a light tail."""
