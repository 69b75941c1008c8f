"""Open items from a folder of CSV and XLSX exports."""
