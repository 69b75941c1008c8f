"""The rules that a policy is held against, by subject; each yields the faults that it finds."""
