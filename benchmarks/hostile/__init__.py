"""What an attacker may send: archives that were tampered with, and addresses nobody wrote."""
