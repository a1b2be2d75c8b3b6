"""`python -m plaincrm`."""

from plaincrm.start import main

main()
