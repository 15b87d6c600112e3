"""Mail as posts: boxes read message by message, what people said set apart from what they quote, threads."""
