"""`python -m plaincrm`."""

from plaincrm.cli import main

main()
