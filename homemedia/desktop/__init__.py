"""The icon beside the clock: a program of its own, started by the server and never outliving it.

The modules that the icon's process loads (`tray` and what it names) use the standard library alone and run on any
Python from 3.9 on, because on Linux that process belongs to the system's own Python: only it can load the toolkit.
"""
