"""How a person likes to see the day, whatever the business."""
