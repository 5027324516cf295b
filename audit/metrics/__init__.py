"""Pure functions of arrays: what is measured, with units and source."""
