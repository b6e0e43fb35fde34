"""What the scripts share that call every method of a product: rows of tables, their judge, and the play."""
