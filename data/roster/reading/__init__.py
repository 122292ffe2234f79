"""The roster as whoever manages it sees it: staff, students, classes, modules, and what was changed of them."""
