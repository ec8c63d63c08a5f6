"""Ways to reach a person with an alert."""
