"""Recipes as TOML files: each states what it changes in the standard recipe."""
