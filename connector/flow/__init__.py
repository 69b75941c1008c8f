"""The steps from books to dossier, one file each; start reading at `cycle`."""
