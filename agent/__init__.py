"""Runs at the customer and knows devices: discover > identify > poll > normalise > spool > ship."""
