# make demo: run the ready shop. make ui: open it in the browser. make test: run the tests. All set up .venv first.
PYTHON ?= $(shell for name in python3.13 python3.12 python3.11 python3 python; do \
	$$name -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo $$name && break; done)
ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
else
BIN := .venv/bin
endif

.PHONY: demo ui test slow bench check docs screenshots clean

demo: .venv/ready
	$(BIN)/cxsim demo

ui: .venv/ready-ui
	$(BIN)/cxsim ui

test: .venv/ready-dev
	$(BIN)/python -m pytest -n auto --dist loadfile --durations=12 -m "not slow"

slow: .venv/ready-dev
	$(BIN)/python -m pytest -n auto --dist loadfile --durations=25 -m slow

bench: .venv/ready-dev
	$(BIN)/python -m benchmarks --full; missed=$$?; $(BIN)/python -m benchmarks.lever && exit $$missed

screenshots: .venv/ready-dev
	$(BIN)/python -m tools.screenshots

check: .venv/ready-dev
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy

docs: .venv/ready-docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --quiet
	@echo "Open site/index.html, or with search: $(BIN)/python -m http.server --bind 127.0.0.1 --directory site 8766"

.venv/ready: pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "cxsim needs Python 3.11, 3.12 or 3.13; none was found. Name one: make PYTHON=/path/to/python demo"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[studies]"
	@touch $@

.venv/ready-ui: .venv/ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[ui]"
	@touch $@

.venv/ready-docs: .venv/ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[studies,docs]"
	@touch $@

.venv/ready-dev: .venv/ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev,ui]"
	@touch $@

clean:
	rm -rf .venv build dist site *.egg-info
