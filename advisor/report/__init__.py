"""A recommendation to text, Markdown, a decision record, HTML or JSON: functions from result to output."""
