# nianbao: the whole set-up is `make demo` and `make test`; needs Python >= 3.11, make and git.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO_OUT ?= demo-out

.PHONY: demo test lint bench accuracy soak clean

demo: $(VENV)/.run
	$(BIN)/nianbao demo --out $(DEMO_OUT)

test: $(VENV)/.dev lint
	$(BIN)/python -m pytest

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Ratios only: seconds say more of the machine than of the program.
bench: $(VENV)/.bench
	$(BIN)/python bench/parse.py
	$(BIN)/python bench/build.py
	$(BIN)/python bench/crawl.py

# Cells right, wrong and missing beside pandas and trafilatura, written to docs/accuracy.md.
accuracy: $(VENV)/.bench
	$(BIN)/python -m tests.pagegen.accuracy

# Memory over very many fetches and pages; takes long.
soak: $(VENV)/.bench
	$(BIN)/python bench/memory.py
	$(BIN)/python bench/soak.py

clean:
	rm -rf $(VENV) $(DEMO_OUT) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "nianbao needs Python 3.11 or newer: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "cannot make a virtual environment: on Debian, apt-get install python3-venv" >&2; rm -rf $(VENV); exit 1; }

# The demo has no pictures to read: without the extra ocr it installs in half the time.
$(VENV)/.run: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable ".[pdf,xlsx]"
	@touch $@

$(VENV)/.dev: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable ".[dev]"
	@touch $@ $(VENV)/.run

$(VENV)/.bench: pyproject.toml $(VENV)/.dev | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable ".[bench]"
	@touch $@
