"""What happened week by week, beside other classes and last year."""
