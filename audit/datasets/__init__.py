"""Samples, and one module a layout: Cell Tracking Challenge, DeepBacs, folders, simulated."""
