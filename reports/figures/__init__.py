"""Figures: what they show, as numbers first, then as drawings."""
