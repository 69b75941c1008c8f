"""The policy: its model, its reader with lines and columns, its checks."""
