"""The roads a notification takes besides the inbox; one file each."""
