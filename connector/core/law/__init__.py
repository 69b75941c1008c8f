"""The law as data and arithmetic: its figures, interest, costs, terms, and who is paid first."""
