"""The measures as one set of expressions, for the embedded engine and for others."""
