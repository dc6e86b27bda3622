"""The napari front end of fluoro_annotator: reader, sample study and the Annotate dock."""
