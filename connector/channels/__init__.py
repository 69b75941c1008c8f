"""The channels: how a message leaves the house, and how to know afterwards whether it did."""
