"""Who visits a business."""
