# Every target prepares what it needs by itself and is quick when nothing has changed.
# PYTHON=...    the Python 3.11 or newer to make .venv with
# HEADLESS=1    use a virtual screen even if there is a real one
# ARGS=...      handed on to pytest, or to the benchmark

BIN := .venv/bin
# decoders for pydicom that only the peers in the benchmark see
PEERS := python-gdcm pylibjpeg pylibjpeg-openjpeg
export PYTHON HEADLESS

.DEFAULT_GOAL := help
.PHONY: help demo test lint format bench wheel samples screenshots constraints clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 20

demo: ## open napari on a sample study; without a screen, leave a screenshot and the marks in demo/
	@tools/setup.sh demo
	@if tools/display.sh present; \
	then $(BIN)/fluoro-annotator demo --output demo; \
	else tools/display.sh run $(BIN)/fluoro-annotator demo --output demo --headless; fi

test: ## run the whole test suite, real windows included
	@tools/setup.sh test
	@tools/run_tests.sh $(ARGS)

lint: ## check style, formatting, types and layers
	@tools/setup.sh tools
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: ## format the code and mend what can be mended by itself
	@tools/setup.sh tools
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: ## measure time to first frame and memory, side by side with plain pydicom
	@tools/setup.sh tools
	@test -d $(BIN)/../peers || $(BIN)/python -m pip install --quiet --no-deps --target $(BIN)/../peers $(PEERS) \
		|| echo "Without $(PEERS) pydicom cannot decode everything; those lines stay empty." >&2
	$(BIN)/python benchmarks/run.py $(ARGS)

wheel: ## build the source distribution, and from that the wheel, into dist/
	@tools/setup.sh tools
	@rm -rf dist
	$(BIN)/python -m build --no-isolation

samples: ## render the sample studies again; PHANTOM=folder with meshes/ and landmarks.json
	@test -n "$(PHANTOM)" || { echo "Say where the meshes are: make samples PHANTOM=folder" >&2; exit 2; }
	@tools/setup.sh tools
	$(BIN)/python sample_dicoms/make_samples.py "$(PHANTOM)"

screenshots: ## take the pictures of the documentation again, from the program itself
	@tools/setup.sh demo
	@HEADLESS=1 tools/display.sh run $(BIN)/python docs/make_screenshots.py

constraints: ## write constraints.txt anew with the newest versions that fit
	@tools/setup.sh tools
	$(BIN)/python tools/update_constraints.py

clean: ## remove everything that was made here, .venv included
	rm -rf .venv demo dist build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
