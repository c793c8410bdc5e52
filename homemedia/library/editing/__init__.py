"""What administrators change by hand: fields, ids, labels, pictures; and how it is taken back."""
