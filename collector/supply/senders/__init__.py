"""Ways to hand an order to a vendor."""
