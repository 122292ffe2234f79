"""What is chosen of the rules of attention, who changed it, and what a change would do."""
