"""Official tables in texts that keep no bars between cells: printed lines -> tables, before anything else reads them."""
