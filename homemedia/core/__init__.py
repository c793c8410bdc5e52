"""What every slice stands on. Knows no domain: no films, no members, no shares."""
