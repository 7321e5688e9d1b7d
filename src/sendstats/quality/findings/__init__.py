"""From identities that fail to findings: grouped, with cause, effect and what flags them."""
