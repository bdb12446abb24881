"""`python -m portico.cli`, where the program `portico` is not on the path."""

from portico.cli import main

if __name__ == "__main__":
    main()
