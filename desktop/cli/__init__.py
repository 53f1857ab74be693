"""The command line, one of the two composition roots: the parser in `main`, the verbs by subject beside it."""
