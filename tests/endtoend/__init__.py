"""The whole story on a LAN of real devices: agent and collector as people start them, each on a machine of its own."""
