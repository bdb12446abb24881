"""How a business begins: three steps, saved as a draft, and it is there with its services and hours."""
