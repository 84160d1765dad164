"""Profiles, teams, skills, employment spells, imports."""
