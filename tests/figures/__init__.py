"""What every figure of the product has to be, in plain Python: worked out from the stored rows as `select *`
gives them, with nothing of the app's own reading or rules. tests/views/figures holds page, file and
paper to it.
"""
