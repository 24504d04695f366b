"""The misconceptions with their words, by what they are about."""
