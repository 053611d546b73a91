"""`fivetabs setup`: put the server into the settings of the clients that are on this machine."""
