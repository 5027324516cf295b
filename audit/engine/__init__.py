"""Measuring: what will be done, in which order, and how an interrupted audit goes on."""
