"""The command, and what joins both programs: up, demo."""
