"""Where points come from, generators, tables and files of arrays, and where results go."""
