"""The aggregate: matter, assignments, obligations, approvals, reports, pauses."""
