# `make help` lists what there is. Everything is installed into .venv, at the versions of constraints.txt.
PYTHON ?= python3
VENV := .venv
INSTALLED := $(VENV)/.installed
COURSEKIT := $(VENV)/bin/coursekit
PYTEST := OMP_NUM_THREADS=1 $(VENV)/bin/python -m pytest -n auto --no-loadscope-reorder
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# bubblewrap is the wall around students' code; only root can install it.
ifeq ($(shell id -u)$(shell command -v apt-get >/dev/null && echo apt),0apt)
INSTALL_SYSTEM := { apt-get update -qq && apt-get install -y -qq bubblewrap >/dev/null; }
else
INSTALL_SYSTEM := echo "bubblewrap is missing: have it installed, or students' code cannot be kept in a sandbox."
endif

.PHONY: help grade test quick lab notebooks bundle site check clean

help: ## what there is
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 20

grade: $(INSTALLED) ## lay out the sample class, grade it, print the table
	$(COURSEKIT) notebooks --outdated
	$(COURSEKIT) sample build/class
	# The sample class means no harm: it may be graded without a sandbox where there is none.
	$(COURSEKIT) grade --course build/class $$($(COURSEKIT) doctor >/dev/null || echo --no-sandbox)

test: $(INSTALLED) ## run every test
	$(PYTEST)

quick: $(INSTALLED) ## run in a minute the tests that a change most often breaks
	$(PYTEST) -m 'not slow and not browser and not server and not hostile'

lab: $(INSTALLED) ## JupyterLab on a student's copy of the notebooks
	mkdir -p build
	test -d build/desk || cp -r notebooks build/desk
	$(VENV)/bin/jupyter lab $(if $(filter 0,$(shell id -u)),--allow-root) build/desk

notebooks: $(INSTALLED) ## rebuild the notebooks from the scripts
	$(COURSEKIT) notebooks

bundle: $(INSTALLED) ## zip files for students without a hub, in build/bundle
	$(COURSEKIT) bundle build/bundle

site: $(INSTALLED) ## the documentation site, in build/site
	$(VENV)/bin/python docs/build_site.py build/site

check: $(INSTALLED) ## style and types
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check coursekit tests benchmarks docs
	$(VENV)/bin/mypy

clean: ## remove what was built; the environment stays
	rm -rf build

$(INSTALLED): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit("coursekit needs Python 3.11 or newer, and $(PYTHON) is " + sys.version.split()[0] + ". Say which: make PYTHON=python3.12 ...") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --constraint constraints.txt --editable '.[grading,dev]'
	@command -v bwrap >/dev/null || $(INSTALL_SYSTEM)
	touch $@
