"""What pages do beside <table>: tables laid out in boxes, hidden parts, pictures."""
