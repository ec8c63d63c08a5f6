"""The words both programs share: Device, Reading, Supply, Order, Ticket. Standard library only."""
