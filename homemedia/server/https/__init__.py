"""HTTPS beside plain HTTP: with files of one's own, or with a certificate made here for the names of this machine."""
