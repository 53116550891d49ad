"""Files → routes → a match. Knows no Django at all."""
