"""`python -m fivetabs.cli` is the `fivetabs` command."""

from fivetabs.cli import main

main()
