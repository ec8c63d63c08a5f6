"""`python -m pagewarden` is the command `pagewarden`."""

from pagewarden.cli import main

if __name__ == "__main__":
    main()
