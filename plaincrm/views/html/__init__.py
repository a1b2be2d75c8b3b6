"""Pages: HTML that opens from the disk, without a script from elsewhere."""
