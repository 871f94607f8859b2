"""From findings to a plan that the podotherapist checks, changes or drops."""
