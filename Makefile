SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help demo test check fmt diagrams constraints

BIN := .venv/bin
CODE := hub node firmware_config tests docs
PURE := hub/wire hub/domain hub/usecases node/core firmware_config
RECIPE_FILES := pyproject.toml constraints.txt

VENV := 'python3-venv:python3 -c "import venv, ensurepip"'
MOSQUITTO := 'mosquitto:command -v mosquitto'
CHROMIUM := 'chromium:command -v chromium'
# evdev is a source package: it wants a compiler, Python's headers and the kernel's.
COMPILER := 'gcc:command -v cc' 'libc6-dev:test -e /usr/include/stdio.h' 'linux-libc-dev:test -e /usr/include/linux/input.h' \
  'python3-dev:python3 -c "import sysconfig; open(sysconfig.get_path(\"include\") + \"/Python.h\")"'

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /make \1\t/p' Makefile | expand -t 20

demo: .venv/demo ## the whole room on this machine; options through ARGS="--posts 5"
	@.ci/need $(MOSQUITTO)
	@exec $(BIN)/poste-hub demo $(ARGS)

check: .venv/dev ## format, lint, types, import rules, pure tests with full coverage; no services
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/ruff check $(CODE)
	$(BIN)/mypy $(CODE)
	$(BIN)/lint-imports
	$(BIN)/pytest -q $(PURE:%=tests/%) $(PURE:%=--cov=%) --cov-fail-under=100

test: check ## check, and all the other tests, with real services
	@.ci/need $(MOSQUITTO) $(CHROMIUM)
	$(BIN)/pytest -q tests $(PURE:%=--ignore=tests/%)

fmt: .venv/dev ## format, and mend what the linter can
	$(BIN)/ruff format $(CODE)
	$(BIN)/ruff check --fix $(CODE)

diagrams: .venv/dev ## draw the state diagrams anew from their tables
	$(BIN)/python -m docs.make_diagrams

constraints: ## renew constraints.txt from what the registry has now
	@.ci/need $(VENV) $(COMPILER)
	python3 -m venv --clear .venv-constraints
	.venv-constraints/bin/pip install -q '.[dev,postgres]'
	(sed '/^#/!d' constraints.txt; .venv-constraints/bin/pip freeze --exclude poste-public | sort -f) >.venv-constraints/new
	mv .venv-constraints/new constraints.txt
	rm -r .venv-constraints

.venv/bin/python:
	@.ci/need $(VENV)
	python3 -m venv .venv

.venv/demo: $(RECIPE_FILES) | .venv/bin/python
	$(BIN)/pip install -q --disable-pip-version-check -c constraints.txt -e '.[hub,sim]'
	@touch $@

.venv/dev: $(RECIPE_FILES) | .venv/bin/python
	@.ci/need $(COMPILER)
	$(BIN)/pip install -q --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@ .venv/demo
