"""What Python users call: trainings, and what is asked of tables, answered by records.

The functions take a table as `train` does, and give the records of `results`.
"""
