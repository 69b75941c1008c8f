"""The press: Typst source, data and a time become PDF/A bytes; the letters' texts are read here."""
