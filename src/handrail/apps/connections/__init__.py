"""What an organisation is connected to: secrets, events that came in, deliveries that go out."""
