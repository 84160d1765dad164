"""Companies with a planted truth, and what the estimators make of them."""
