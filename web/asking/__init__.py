"""What is asked of workers for all viewers, each question once."""
