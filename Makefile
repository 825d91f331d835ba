# Kairan from a fresh machine: make and Python 3.11, 3.12 or 3.13 are enough for `make demo`.

PORT ?= 8000
POSTGRES_URL ?= postgres://postgres@127.0.0.1:5432/postgres
TESTS ?= tests
BENCH_SECONDS ?= 5
BENCH_DOCUMENTS ?= 20000
# PYTHON= chooses another interpreter; KAIRAN_DATA= another directory for everything that the demo keeps (var).

BIN := .venv/bin
UV := $(shell uv --version >/dev/null 2>&1 && echo uv)
FIND_PYTHON := for name in $(PYTHON) python3.13 python3.12 python3.11 python3 python; do \
	$$name -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && echo $$name && break; done
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	--no-emit-index-url --no-strip-extras

.DEFAULT_GOAL := help
.PHONY: help demo test check faults bench requirements clean

help: ## list what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

demo: .venv/base ## show the site on http://localhost:8000; PORT=, KAIRAN_DATA=, EMAIL_URL=, RESET=1 to start over
	@exec $(BIN)/python manage.py demo --port $(PORT) $(if $(filter 1 yes true,$(RESET)),--reset)

test: .venv/dev ## run the whole suite, on PostgreSQL too where a server is found; TESTS= for a part
	$(BIN)/pytest -n auto --dist loadfile -rs $(if $(filter tests,$(TESTS)),--cov --cov-report= --cov-fail-under=0) $(TESTS)
	DATABASE_URL=$(POSTGRES_URL) $(BIN)/pytest -n auto --dist loadfile -rs -m postgres \
		$(if $(filter tests,$(TESTS)),--cov --cov-append --cov-report= --cov-fail-under=0) $(TESTS) || [ $$? -eq 5 ]
	$(if $(filter tests,$(TESTS)),$(BIN)/coverage report)

check: .venv/dev ## check style, types, layers, templates, migrations and translations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy cms plugins bench
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet cms plugins themes
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/pytest -q -rs tests/architecture

faults: .venv/dev ## kill workers and starve them of mail server and database; takes minutes
	FAULTS=1 $(BIN)/pytest -q -rs tests/faults

bench: .venv/base ## measure pages beside a bare view, the search, the register, the outbox; BENCH_SECONDS= a round, BENCH_DOCUMENTS=
	$(BIN)/python -m bench --seconds $(BENCH_SECONDS)
	$(BIN)/python -m bench.search --documents $(BENCH_DOCUMENTS) --postgres "$(POSTGRES_URL)"
	$(BIN)/python -m bench.register --postgres "$(POSTGRES_URL)"
	$(BIN)/python -m bench.mail

requirements: ## compile requirements/*.in, pinned and hashed, without index addresses (needs uv)
	cd requirements && $(COMPILE) base.in -o base.txt && $(COMPILE) dev.in -o dev.txt

clean: ## remove the environment and caches; the demo's data stays
	rm -rf .venv .coverage htmlcov .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

.venv/base: requirements/base.txt
	@$(MAKE) --no-print-directory install REQUIREMENTS=base STAMP=$@

.venv/dev: requirements/dev.txt .venv/base
	@$(MAKE) --no-print-directory install REQUIREMENTS=dev STAMP=$@

.PHONY: install
install:
	@[ -x $(BIN)/python ] || { python=$$($(FIND_PYTHON)); \
		[ -n "$$python" ] || { echo "Kairan needs Python 3.11, 3.12 or 3.13, and none was found; name one with PYTHON=." >&2; exit 1; }; \
		echo "Making .venv with $$python …"; \
		$(if $(UV),uv venv --quiet --python "$$($$python -c 'import sys; print(sys.executable)')" .venv,$$python -m venv .venv); }
	@echo "Installing requirements/$(REQUIREMENTS).txt …"
	@$(if $(UV),VIRTUAL_ENV=.venv uv pip install --quiet --compile-bytecode --require-hashes -r requirements/$(REQUIREMENTS).txt,\
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/$(REQUIREMENTS).txt)
	@touch $(STAMP)
