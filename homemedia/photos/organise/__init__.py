"""What photos are put in order by: tags, stacks, people and their faces, memories, look-alikes."""
