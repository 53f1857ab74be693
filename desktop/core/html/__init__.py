"""From HTML that comes from outside to HTML that is safe to keep, and from that to what is shown, printed and saved."""
