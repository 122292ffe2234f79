"""Staff, students, classes and modules, for whoever manages them."""
