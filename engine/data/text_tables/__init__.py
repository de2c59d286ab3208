"""Tables as text: encoding, delimiter, header, number format, cells."""
