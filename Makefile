# 回音 Huiyin. `make run` brings it up, `make test` proves it.
.DEFAULT_GOAL := help
.PHONY: help run test check lock bench catalogues clean
SHELL := /bin/sh
MAKEFLAGS += --no-print-directory
PYTHON_IN_VENV := .venv/bin/python
COMPILE := .venv/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header --no-annotate

help: ## Explain these targets
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-11s %s\n", $$1, $$2}'
	@echo
	@echo "  PORT=8001 make run           another port"
	@echo "  DATABASE_URL=… REDIS_URL=…   your own PostgreSQL 15+ and Redis 6+ instead of the embedded ones"
	@echo "  HUIYIN_…                     every other setting is described in config.py"

run: ## Set up what is missing, fill an empty database with the demonstration, and run until Ctrl-C
	@.ci/setup run
	@exec $(PYTHON_IN_VENV) run.py serve --demonstration

test: check ## Run the checks, then the whole suite on a PostgreSQL and a Redis it starts itself
	@$(PYTHON_IN_VENV) -m pytest -n 2 --dist loadfile $(ARGS)

check: ## Run ruff, mypy, import-linter, djlint, the catalogues and the migrations
	@.ci/setup test
	@echo "ruff";          $(PYTHON_IN_VENV) -m ruff check -q . && $(PYTHON_IN_VENV) -m ruff format -q --check .
	@echo "mypy";          $(PYTHON_IN_VENV) -m mypy -p app -m config -m run
	@echo "import-linter"; $(PYTHON_IN_VENV) .venv/bin/lint-imports --no-logo
	@echo "djlint";        $(PYTHON_IN_VENV) -m djlint --lint --quiet app/templates
	@$(PYTHON_IN_VENV) .ci/catalogues.py check
	@$(PYTHON_IN_VENV) run.py check-migrations

lock: ## Choose package versions anew from pyproject.toml, with hashes and without naming a host
	@.ci/setup test
	@$(COMPILE) pyproject.toml --group test --group check -o requirements-dev.lock
	@$(COMPILE) pyproject.toml -c requirements-dev.lock -o requirements.lock
	@.venv/bin/uv --version | awk '{print $$1 "==" $$2}' | $(COMPILE) - -o bootstrap.lock
	@if grep -n '://' *.lock; then echo "a lock names a host" >&2; exit 1; fi

bench: ## Measure ledger, due dates, a changed calendar, the sweep, at a country's size: hours and 25 GB in TMPDIR
	@.ci/setup test
	@$(PYTHON_IN_VENV) run.py bench

catalogues: ## Gather the words of the code into the translation files and compile them
	@.ci/setup test
	@$(PYTHON_IN_VENV) .ci/catalogues.py update

clean: ## Remove what tools left behind; data in var/ and the environment in .venv stay
	@find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
