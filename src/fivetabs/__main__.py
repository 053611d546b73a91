"""`python -m fivetabs` is the `fivetabs` command."""

from fivetabs.cli import main

main()
