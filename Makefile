# Every target is a task of bootstrap.py, which needs nothing but Python 3.11 or later.
PYTHON ?= python3
TASK = @$(PYTHON) bootstrap.py

.DEFAULT_GOAL := help
.PHONY: help run test setup lint format bench drill reset

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: export PORT := $(PORT)
run: export HOST := $(HOST)
run: export EMPLOYEES := $(EMPLOYEES)
run: ## Run Tunet with a demo organisation: PORT=8001 EMPLOYEES=50000
	$(TASK) run

test: export TESTS := $(TESTS)
test: ## Check and test everything: TESTS="tests/feed -x" runs some
	$(TASK) test

setup: ## Install what running needs, start nothing
	$(TASK) setup

lint: ## Format, lint, types, layers, texts and sizes
	$(TASK) lint

format: ## Bring the code into shape
	$(TASK) format

bench: export ONLY := $(ONLY)
bench: export SCALE := $(SCALE)
bench: ## Measure beside the floor (docs/benchmarks.md): ONLY=announcements SCALE=0.1
	$(TASK) bench

drill: export ONLY := $(ONLY)
drill: export SCALE := $(SCALE)
drill: ## Break things at full size, see that nobody is missed: ONLY=announcements SCALE=0.1
	$(TASK) drill

reset: ## Delete the demo's database, pictures and secrets
	$(TASK) reset
