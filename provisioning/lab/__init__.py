"""A whole company on one machine: broker, hub, agents and their virtual hardware, as real processes.

Used by the demo and by the end-to-end tests. Standard library only.
"""
