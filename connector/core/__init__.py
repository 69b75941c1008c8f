"""The pure study: same input, same output. No clock, disk, network or log."""
