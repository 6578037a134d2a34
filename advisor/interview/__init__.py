"""The conversation: a pure state machine (what to ask, back, skip, review) and one thin terminal adapter."""
