"""Tables of any kind: readers, options, roles of columns, missing values."""
