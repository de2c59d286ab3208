"""Where points come from (generators, tables, files of arrays), and where results go."""
