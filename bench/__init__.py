"""Measurements that print ratios, so that they mean the same on every machine. One by one: python -m bench.polling."""
