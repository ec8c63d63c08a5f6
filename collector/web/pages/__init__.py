"""One module per page: a handler, and the view data its template shows."""
