"""A wire becomes a call, a result becomes a wire; nothing else happens here."""
