"""What is known of devices, as rows: standards, vendors, causes, supplies."""
