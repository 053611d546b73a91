"""fivetabs: one MCP server over Kubernetes, AWS, Docker and Terraform."""

__version__ = "0.1.0"
