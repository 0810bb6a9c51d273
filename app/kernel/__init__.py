"""Infrastructure without business words: clock, tenancy, commands, events, outbox, errors, web base."""
