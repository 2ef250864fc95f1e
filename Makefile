# Keelson's commands. `make help` lists them; `make demo` and `make test` do their own set-up.
SHELL := /bin/bash
.DEFAULT_GOAL := help
BIN := node_modules/.bin
# Recipes that run what was built; a clone needs nothing before them.
SCENARIO ?= dr

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 22

setup: packages node_modules build ## everything a clone needs: Debian packages, npm packages, compiled code

packages: ## Debian packages, by name (as root; otherwise says what is missing)
	@tools/packages.sh

node_modules: package.json package-lock.json
	npm ci --no-audit --no-fund --loglevel=error
	@touch node_modules

ADDON_SOURCES := $(wildcard addon/*.c)
build/syscalls.node: $(ADDON_SOURCES) $(wildcard addon/*.h) | node_modules
	@mkdir -p build
	gcc -std=gnu11 -O2 -Wall -Wextra -Werror -shared -fPIC -Inode_modules/node-api-headers/include \
	  -o $@ $(ADDON_SOURCES) -ldl -lpthread

addon: build/syscalls.node ## compile the system-call addon
build: node_modules addon ## compile everything
	@$(BIN)/tsc -b

check: build ## format, lint, types, quick tests (no root, under a minute)
	@$(BIN)/biome ci --colors=off --log-level=warn .
	@node dist/tools/tidy.js
	@node dist/tools/run-tests.js quick

test: setup ## all tests; ends with `N passed, N failed`
	@tools/packages.sh guest
	@$(BIN)/biome ci --colors=off --log-level=warn .
	@node dist/tools/tidy.js
	@node dist/tools/run-tests.js

demo: setup ## the main job, played in the terminal: make demo [SCENARIO=dr|nat|dual-master|nginx-ha|ldirectord-dr|vrrp]
	@node dist/src/lab/demo.js $(SCENARIO)

bench-failover: setup ## failover beside the real keepalived: make bench-failover [ONLY=words]
	@node dist/bench/failover.js $(if $(ONLY),"$(ONLY)")

bench-vrrp: setup ## hundreds of instances on one node beside keepalived
	@node dist/bench/vrrp.js

bench-config: setup ## a configuration of 660,000 lines beside keepalived
	@node dist/bench/config.js

bench-dataplane: setup ## packets beside kernel IPVS, nftables, HAProxy, nginx: make bench-dataplane [PART=guest]
	@tools/packages.sh guest
	@tools/packages.sh bench
	@node --enable-source-maps dist/bench/dataplane/main.js $(PART)

MINUTES ?= 10
fuzz: build ## read what nobody wrote: make fuzz [MINUTES=10]
	@nice -n 19 node --enable-source-maps dist/test/fuzz/fuzz.js $(MINUTES)

PACKETS ?= 5000000
hitless: setup ## packets through a director that is restarted, upgraded and changed: make hitless [PACKETS=5000000]
	@PACKETS=$(PACKETS) node --test --enable-source-maps dist/test/root/hitless.test.js

HOURS ?= 1
simulate: build ## play stories of VRRP routers: make simulate [HOURS=1] or [SEEDS=a..b]
	@nice -n 19 node --enable-source-maps dist/test/simulation/simulate.js $(if $(SEEDS),seeds $(SEEDS),hours $(HOURS))

fuzz-packets: setup ## mutated packets through the eBPF programs and the model, as root: make fuzz-packets [SECONDS=60] [SEED=1]
	@unshare -nm --pid --fork --kill-child --mount-proc node --enable-source-maps dist/test/root/packet-fuzz-stage.js $(SECONDS) $(SEED)

judge-model: setup ## all streams through the kernel's IPVS in a guest, and the model: make judge-model [STREAMS=WORDS]
	@tools/packages.sh guest
	@STREAMS="$(STREAMS)" node --test --enable-source-maps dist/test/guest/ipvs-judges-model.test.js

reference: build ## write docs/reference from the table of keywords
	@node dist/tools/reference.js

conformance: build ## write docs/conformance-vrrp.md from the names of the tests
	@node dist/tools/conformance.js

rules: build ## write docs/rules from the catalogue
	@node dist/tools/rule-pages.js

parity-config: setup ## the same files read by the real keepalived and by Keelson: make parity-config [CORPUS=FOLDER]
	@tools/packages.sh guest
	@node dist/test/parity/config.js --write $(if $(CORPUS),--corpus $(CORPUS))

parity-tables: setup ## the tables of IPVS that keepalived and Keelson make of the same files: make parity-tables [CORPUS=FOLDER]
	@tools/packages.sh guest
	@node dist/test/parity/tables.js --write $(if $(CORPUS),--corpus $(CORPUS))

parity-running: setup ## the same files run by the real keepalived and by Keelson: make parity-running [FILES=FOLDER]
	@$(if $(FILES),FILES=$(FILES)) node dist/test/root/parity-running/run.js $(if $(FILES),,--write)

SECONDS ?= 60
parity-mutants: setup ## files with one mistake each, read by keepalived and by Keelson: make parity-mutants [SECONDS=60]
	@node dist/test/parity/mutants.js --seconds $(SECONDS)

SEED ?= 1
chaos: build ## break two whole directors again and again, as root: make chaos [SECONDS=60] [SEED=1] [ONLY=words]
	@nice -n 5 node --enable-source-maps dist/test/root/chaos/run-chaos.js $(SECONDS) $(SEED) $(if $(ONLY),"$(ONLY)")

format: node_modules ## format and mend what can be mended
	$(BIN)/biome check --write .

clean: ## remove what was built
	rm -rf dist build

-include bpf/bpf.mk

.PHONY: help setup packages addon build check test demo bench-failover bench-vrrp bench-dataplane bench-config fuzz hitless chaos rules format clean
