"""What posts and announcements both carry: threads, comments, reactions, mentions, attachments."""
