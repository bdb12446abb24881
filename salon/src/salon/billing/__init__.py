"""What a business pays for, as Stripe tells it."""
