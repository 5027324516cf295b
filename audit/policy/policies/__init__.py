"""Policies that come with bioaudit."""
