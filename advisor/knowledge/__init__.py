"""Rules files to frozen records: loading, checking, testing and comparing them."""
