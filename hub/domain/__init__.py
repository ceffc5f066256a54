"""The rules of the house: pure data and functions; time and chance come as arguments."""
