"""The whole: what crosses sales, marketing and support, and `Book`, the library's face."""
