"""The live line: operations, their code, the bug card."""
