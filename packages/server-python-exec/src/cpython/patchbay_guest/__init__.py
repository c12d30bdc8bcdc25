"""What the server starts in Python: it serves calls after it has given up what the code that they bring must not have."""
