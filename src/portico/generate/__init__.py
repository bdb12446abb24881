"""What is drawn from the plans of an application: its contract, its catalog."""
