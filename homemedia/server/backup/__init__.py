"""Copies of the database: one every night, more on demand, and the way back to one."""
