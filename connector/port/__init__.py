"""The words that every room and every adapter shares; standard library only."""
