"""What the books tell an owner: reports worked out from records, without any side effect."""
