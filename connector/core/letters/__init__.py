"""Letters: facts and a text become one letter in three forms, plain, HTML and data for Typst."""
