"""Tables in text files: encoding, delimiter, header, number format, cells."""
