"""The instructor's side: how a submission becomes points and a feedback page."""
