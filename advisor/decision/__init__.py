"""The pure core: score, bounds, verdict, sensitivity, next need."""
