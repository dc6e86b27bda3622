"""``python -m fluoro_annotator`` is the command line."""

from fluoro_annotator.cli import main

if __name__ == "__main__":
    main()
