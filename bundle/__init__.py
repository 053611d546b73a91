"""What ships fivetabs beside its wheel: an MCP bundle and the entry in the MCP registry."""
