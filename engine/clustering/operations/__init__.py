"""The live line: a half-step as operations with named axes, executed one by one."""
