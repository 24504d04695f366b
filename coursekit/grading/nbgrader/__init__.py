"""All that is a part of nbgrader's or pytest's own machinery."""
