"""Recipes by name: each departs from the standard one in the way that its name says."""
