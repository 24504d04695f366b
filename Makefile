# `make help` lists what there is. Everything is installed into .venv, at the versions of constraints.txt.
PYTHON ?= python3
VENV := .venv
CONSTRAINTS := constraints.txt
EXTRAS := grading,dev
INSTALLED := $(VENV)/.installed
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
endif
COURSEKIT := $(BIN)/coursekit
PYTEST := OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n auto --no-loadscope-reorder
QUICK := -m 'not slow and not browser and not server and not hostile'
# What imports the grader, and what is of the site and of the project.
NOT_STUDENTS := authoring browser grading hidden test_broken.py test_hostile.py test_hostility.py test_hub.py \
	test_notebooks.py test_project.py test_same_reading.py test_site.py test_windows.py
RESOLVE := uv pip compile --quiet --python-version 3.11 --extra grading --extra dev --no-annotate --no-header
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Hundreds of processes of the tests would each compile what they import.
unexport PYTHONDONTWRITEBYTECODE

# bubblewrap is the wall around students' code; only root can install it.
ifeq ($(shell id -u)$(shell command -v apt-get >/dev/null && echo apt),0apt)
INSTALL_SYSTEM := { apt-get update -qq && apt-get install -y -qq bubblewrap >/dev/null; }
else
INSTALL_SYSTEM := echo "bubblewrap is missing: have it installed, or students' code cannot be kept in a sandbox."
endif

.PHONY: help install grade test quick student lowest coverage lab notebooks bundle site check constraints dist clean

help: ## what there is
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 20

install: $(INSTALLED) ## set everything up, and no more

grade: $(INSTALLED) ## lay out the sample class, grade it, print the table
	$(COURSEKIT) notebooks --outdated
	$(COURSEKIT) sample build/class
	# The sample class means no harm: it may be graded without a sandbox where there is none.
	$(COURSEKIT) grade --course build/class $$($(COURSEKIT) doctor >/dev/null || echo --no-sandbox)

test: $(INSTALLED) ## run every test
	$(PYTEST)

quick: $(INSTALLED) ## run in a minute what a change most often breaks: the first case of each quick test
	COURSEKIT_BANK=few $(PYTEST) $(QUICK)

student: $(INSTALLED) ## run the tests of what a student installs; EXTRAS=test leaves the grader out
	$(PYTEST) $(QUICK) $(NOT_STUDENTS:%=--ignore=tests/%)

lowest: build/lowest.txt ## run every test with the lowest versions that pyproject.toml allows; needs uv
	# What is new says that some of it will go, and what is old still uses that.
	PYTEST_ADDOPTS='-W ignore::DeprecationWarning' $(MAKE) test VENV=build/lowest CONSTRAINTS=build/lowest.txt

build/lowest.txt: pyproject.toml
	mkdir -p build
	$(RESOLVE) --resolution lowest-direct --output-file $@ pyproject.toml

coverage: $(INSTALLED) ## run every test and say which lines none of them runs
	rm -rf build/coverage && mkdir -p build/coverage
	$(subst -m pytest,-m coverage run -m pytest,$(PYTEST))
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

lab: $(INSTALLED) ## JupyterLab on a student's copy of the notebooks
	mkdir -p build
	test -d build/desk || cp -r notebooks build/desk
	$(BIN)/jupyter lab $(if $(filter 0,$(shell id -u)),--allow-root) build/desk

notebooks: $(INSTALLED) ## rebuild the notebooks from the scripts
	$(COURSEKIT) notebooks

bundle: $(INSTALLED) ## zip files for students without a hub, in build/bundle
	$(COURSEKIT) bundle build/bundle

site: $(INSTALLED) ## the documentation site, in build/site
	$(BIN)/python docs/build_site.py build/site

check: $(INSTALLED) ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check coursekit tests benchmarks docs
	$(BIN)/mypy

# Of CUDA, torch itself says which versions it takes.
constraints: ## take the newest versions that go together into constraints.txt; needs uv
	mkdir -p build
	$(RESOLVE) --universal --fork-strategy fewest --upgrade --output-file build/newest.txt pyproject.toml
	{ head -n 1 constraints.txt; grep -vE '^(cuda|nvidia|triton)\b' build/newest.txt; } > build/constraints.txt
	mv build/constraints.txt constraints.txt

dist: $(INSTALLED) ## what a release consists of, in build/dist
	$(BIN)/python -m build --outdir build/dist

clean: ## remove what was built; the environment stays
	rm -rf build

$(INSTALLED): pyproject.toml $(CONSTRAINTS)
	@$(PYTHON) -c 'import sys; sys.exit("coursekit needs Python 3.11 or newer, and $(PYTHON) is " + sys.version.split()[0] + ". Say which: make PYTHON=python3.12 ...") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint $(CONSTRAINTS) --editable '.[$(EXTRAS)]'
	@command -v bwrap >/dev/null || $(INSTALL_SYSTEM)
	touch $@
