"""A simulated office on loopback addresses, and the command that shows the whole story on it."""
