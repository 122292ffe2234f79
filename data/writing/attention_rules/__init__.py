"""What a coordinator says of the rules of attention: figures that are chosen, and days off."""
