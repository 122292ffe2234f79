"""One value: from what is written in a cell to what is stored, and the questions that it leaves open."""
