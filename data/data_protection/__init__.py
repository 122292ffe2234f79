"""What the law asks of whoever stores data about people: to erase, to tell, and to keep nothing too long."""
