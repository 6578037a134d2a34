"""The conversation: a pure state machine and one thin terminal adapter."""
