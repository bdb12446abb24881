"""One file, one policy. Policies know ports and the core, never a driver."""
