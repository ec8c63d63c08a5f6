"""Runs at the dealer and knows the business: ingest > store > evaluate > act > show."""
