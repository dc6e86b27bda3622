"""What happens when the reader does something; no Qt in here."""
