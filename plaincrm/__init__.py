"""plaincrm: a CRM for freelancers that is a folder of Markdown files in git."""

__version__ = "0.1.0"
