"""What the ports need from outside, one package for each thing wrapped."""
