"""The demo: a real remote team plays the whole loop through the product's own verbs."""
