"""Who works in a business."""
