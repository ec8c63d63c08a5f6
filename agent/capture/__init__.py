"""Recording what a device says over every protocol, as a sample for others, without what tells whose device it is."""
