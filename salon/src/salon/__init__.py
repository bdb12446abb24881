"""The Salon: a multi-tenant booking application made with Portico."""
