"""Tables in any format: readers, options, roles of columns, missing values."""
