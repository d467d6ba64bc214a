"""Controls: their parameters, the events that change them, their timeline, and what it means for each chip."""
