# make demo   see the whole product work, on this machine alone
# make test   everything that is checked
# make check  only the static checks
# make lock   renew the pinned versions after a change of pyproject.toml
#
# Needs python3 >= 3.11, its venv module and make; everything else is installed into .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=

# Real servers and tools the tests talk to (Debian and Ubuntu names). None of them is started as a service.
APT := avahi-daemon cups-ipp-utils dbus fonts-noto-cjk iproute2 opensmtpd snmp snmpd gcc libc6-dev
APT_BROWSER := chromium

.PHONY: demo test check lock nightly clean packages
.DEFAULT_GOAL := demo

demo: $(VENV)/.demo
	@$(BIN)/pagewarden demo $(ARGS)

test: $(VENV)/.dev packages check
	@$(BIN)/python -m pytest $(ARGS)

check: $(VENV)/.dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check -q .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache | tail -n 4

# The full figures: 1,000 kills, 1e6 hostile inputs, every screenshot.
nightly: $(VENV)/.dev packages
	@PAGEWARDEN_NIGHTLY=1 $(BIN)/python -m pytest $(ARGS)
	@$(BIN)/python -m bench.fuzz --inputs 1000000
	@$(BIN)/python -m bench

packages: $(VENV)/.python
	@missing=$$(for p in $(APT) $(APT_BROWSER); do \
	    dpkg-query -W -f '$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || echo $$p; done); \
	if [ -z "$$missing" ]; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "installing for the tests:" $$missing; \
	    if [ ! -e /usr/sbin/policy-rc.d ]; then printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d; chmod +x /usr/sbin/policy-rc.d; \
	        trap 'rm -f /usr/sbin/policy-rc.d' EXIT; fi; \
	    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing; } \
	        >$(VENV)/apt.log 2>&1 || { tail -n 3 $(VENV)/apt.log; echo "make: these packages could not be installed; see $(VENV)/apt.log" >&2; exit 1; }; \
	else \
	    echo "not installed, so the tests that need them are skipped:" $$missing; \
	    echo "to run them: sudo apt-get install --no-install-recommends" $$missing; \
	fi

# Each thing that may be missing is asked for by itself, so that its line can name the way out.
$(VENV)/.python:
	@command -v $(PYTHON) >/dev/null || { echo "make: $(PYTHON) was not found. Install it: sudo apt-get install python3 python3-venv" >&2; exit 1; }
	@$(PYTHON) -V >/dev/null 2>&1 || { echo "make: $(PYTHON) does not start. Name another one: make demo PYTHON=/usr/bin/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "make: Pagewarden needs Python 3.11 or later, and $(PYTHON) is $$($(PYTHON) -V 2>&1 | cut -d' ' -f2). Name another one: make demo PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "make: $(PYTHON) has no venv module. Install it: sudo apt-get install $(notdir $(PYTHON))-venv" >&2; exit 1; }
	@said=$$($(PYTHON) -m venv $(VENV) 2>&1) || { echo "make: the environment $(VENV) could not be made ($$(echo "$$said" | tail -n 1)). Is this folder writable, and is there room on the disk?" >&2; exit 1; }
	@touch $@

$(VENV)/.demo: $(VENV)/.python pyproject.toml requirements/demo.txt
	@echo "installing into $(VENV) (once) ..."
	@$(call install,demo)
	@touch $@

$(VENV)/.dev: $(VENV)/.python pyproject.toml requirements/dev.txt
	@echo "installing into $(VENV) (once) ..."
	@$(call install,dev)
	@touch $@ $(VENV)/.demo

define install
{ $(BIN)/python -m pip install --disable-pip-version-check --require-hashes -r requirements/$(1).txt \
  && $(BIN)/python -m pip install --disable-pip-version-check --no-deps --no-build-isolation -e . ; } >$(VENV)/install.log 2>&1 \
|| { if grep -qE 'NewConnectionError|Name or service|name resolution|timed out|unreachable|ProxyError|from versions: none|Connection (refused|reset)' $(VENV)/install.log; \
     then echo "make: the packages could not be fetched: there is no way to the package index from here. Connect this machine, or name a mirror in PIP_INDEX_URL. Details: $(VENV)/install.log" >&2; \
     else echo "make: the packages could not be installed ($$(grep -m 1 -E '^ERROR|rror:' $(VENV)/install.log)). Details: $(VENV)/install.log" >&2; fi; exit 1; }
endef

lock:
	@for extra in demo dev; do \
	    uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	        --extra $$extra --extra build pyproject.toml -o requirements/$$extra.txt || exit 1; done

clean:
	@rm -rf $(VENV) build dist bench/build demo-data
