"""The rules of attention: what each says, and what an organisation or a class chose."""
