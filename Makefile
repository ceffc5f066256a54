SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help demo test check hil bench fmt diagrams gallery texts constraints need-demo need-test need-bench
# One apt-get and one pip at a time, whatever -j says.
.NOTPARALLEL:

# Not the scripts in .venv/bin: their first lines name this folder, and break when it moves.
PYTHON := .venv/bin/python
CODE := hub node firmware_config tests docs
PURE := hub/wire hub/domain hub/usecases node/core firmware_config
# File by file, in the order of tests/conftest.py: xdist's own begins with the files that have most tests.
TWO_AT_A_TIME := -n 2 --dist loadfile --no-loadscope-reorder
# The tests start hundreds of programs, which need not compile all that they import each time.
unexport PYTHONDONTWRITEBYTECODE
RECIPE_FILES := pyproject.toml constraints.txt
# Named after Python's version: another one (a newer Debian) makes the environment anew.
VENV_MADE := .venv/made-$(shell python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')
PIP_INSTALL := $(PYTHON) -m pip install -q --disable-pip-version-check --root-user-action ignore -c constraints.txt -e

VENV := 'python3-venv:python3 -c "import venv, ensurepip"'
MOSQUITTO := 'mosquitto:command -v mosquitto'
# Chromium for pictures and tests, built without a window: a third of the processor that the whole one takes.
HEADLESS := 'chromium-headless-shell:command -v chromium-headless-shell'
CHROMIUM := 'chromium:command -v chromium'
# Its programs only: the cluster on port 5432 that Debian makes is neither needed nor touched.
POSTGRESQL := 'postgresql:ls /usr/lib/postgresql/*/bin/postgres'
CURL := 'curl:command -v curl'
# evdev is a source package: it wants a compiler, Python's headers and the kernel's.
COMPILER := 'gcc:command -v cc' 'libc6-dev:test -e /usr/include/stdio.h' 'linux-libc-dev:test -e /usr/include/linux/input.h' \
  'python3-dev:python3 -c "import sysconfig; open(sysconfig.get_path(\"include\") + \"/Python.h\")"'

SYSTEMD := 'systemd:command -v systemd-analyze' 'util-linux:command -v nsenter'
KERNEL := 'qemu-system-x86:command -v qemu-system-x86_64' 'busybox-static:command -v busybox' 'cpio:command -v cpio' \
  'xz-utils:command -v xz' 'libelf1:ls /usr/lib/*/libelf.so.1'

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /make \1\t/p' Makefile | expand -t 20

demo: need-demo .venv/demo ## the whole room on this machine; options through ARGS="--posts 5"
	@exec $(PYTHON) -m hub demo $(ARGS)

check: .venv/dev ## format, lint, types, import rules, pure tests with full coverage; no services
	$(PYTHON) -m ruff format --check $(CODE)
	$(PYTHON) -m ruff check $(CODE)
	$(PYTHON) -m mypy $(CODE)
	$(PYTHON) -c 'from importlinter.cli import lint_imports_command as check; check()'
	TMPDIR=$$(.ci/scratch) $(PYTHON) -m pytest -q $(PURE:%=tests/%) $(PURE:%=--cov=%) --cov-fail-under=100 $(TWO_AT_A_TIME)

test: need-test check ## check, and all the other tests, with real services
	TMPDIR=$$(.ci/scratch) $(PYTHON) -m pytest -q tests $(PURE:%=--ignore=tests/%) $(TWO_AT_A_TIME)
	TMPDIR=$$(.ci/scratch) $(PYTHON) -m pytest -q tests --database postgres --protocol-steps 2000 $(TWO_AT_A_TIME)

hil: .venv/dev ## the node on real kernel drivers, in a virtual machine
	@.ci/need $(MOSQUITTO) $(KERNEL)
	@$(PYTHON) -m tests.hil

bench: need-bench .venv/dev ## measure, each figure beside its limit; options through ARGS="--only redeem --quick"
	@exec $(PYTHON) -m tests.bench $(ARGS)

fmt: .venv/dev ## format, and mend what the linter can
	$(PYTHON) -m ruff format $(CODE)
	$(PYTHON) -m ruff check --fix $(CODE)

diagrams: .venv/dev ## draw the state and wiring diagrams anew from their tables and profiles
	$(PYTHON) -m docs.make_diagrams
	$(PYTHON) -m docs.make_wiring
	$(PYTHON) -m docs.make_screens

texts: .venv/dev ## after a text of the panel has changed: bring the catalogues in hub/locale up to date
	cd hub && ../$(PYTHON) -m babel.messages.frontend -q extract -F locale/babel.cfg -k _ -k t -k tn:1,2 -k ngettext:1,2 --add-location=file \
	  --no-wrap --omit-header -o locale/hub.pot .
	cd hub && ../$(PYTHON) -m babel.messages.frontend -q update -i locale/hub.pot -d locale -D hub --no-wrap --no-fuzzy-matching --ignore-obsolete
	sed -i -E '/^"(Report-Msgid|POT-Creation|PO-Revision|Last-Trans|Language-Team|Generated-By)/d' hub/locale/*/LC_MESSAGES/hub.po
	rm hub/locale/hub.pot

gallery: .venv/dev ## pictures of every page of the panel into .gallery; ARGS="--docs" those of docs/panel.md
	@.ci/need $(HEADLESS)
	@$(PYTHON) -m docs.make_gallery $(ARGS)

constraints: ## renew constraints.txt from what the registry has now
	@.ci/need $(VENV) $(COMPILER)
	python3 -m venv --clear .venv-constraints
	.venv-constraints/bin/pip install -q '.[dev,postgres]'
	(sed '/^#/!d' constraints.txt; .venv-constraints/bin/pip freeze --exclude poste-public | sort -f) >.venv-constraints/new
	mv .venv-constraints/new constraints.txt
	rm -r .venv-constraints

# First of all, so that sudo asks for its password at once and not in the middle.
need-demo:
	@.ci/need $(VENV) $(MOSQUITTO)

need-test:
	@.ci/need $(VENV) $(COMPILER) $(MOSQUITTO) $(POSTGRESQL) $(HEADLESS) $(CURL) $(SYSTEMD)

need-bench:
	@.ci/need $(VENV) $(COMPILER) $(MOSQUITTO) $(POSTGRESQL) $(CHROMIUM)

# Each stamp is touched only by success, so that whatever was cut short is done again, from its start.
$(VENV_MADE):
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; this is $$(python3 -V)" >&2; exit 1; }
	@test -w . || { echo "this folder cannot be written to: clone the repository into one of yours" >&2; exit 1; }
	@.ci/need $(VENV)
	@.ci/quietly "making a Python environment in .venv" python3 -m venv --clear .venv
	@touch $@

.venv/demo: $(RECIPE_FILES) $(VENV_MADE)
	@.ci/quietly "installing the demo's Python packages (pip)" $(PIP_INSTALL) '.[hub,sim]'
	@touch $@

.venv/dev: $(RECIPE_FILES) $(VENV_MADE)
	@.ci/need $(COMPILER)
	@.ci/quietly "installing the tests' Python packages (pip)" $(PIP_INSTALL) '.[dev]'
	@touch $@ .venv/demo
