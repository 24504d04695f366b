"""The mistakes with their words, by what they are about."""
