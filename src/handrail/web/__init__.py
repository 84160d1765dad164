"""Front door for people: views, forms, templates, static files."""
