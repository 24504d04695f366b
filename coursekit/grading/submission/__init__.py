"""From a stranger's files to cells that can be trusted."""
