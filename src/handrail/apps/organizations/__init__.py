"""Organisations, membership, roles, scope, consent ledger, audit."""
