"""Pure functions of numbers: intervals, multiplicity, dependence in time."""
