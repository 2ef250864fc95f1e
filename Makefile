# Keelson's commands. `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help

NODE_TESTS = find dist -name '*.test.js' -not -path '*/node_modules/*'

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

node_modules: package.json package-lock.json
	npm ci --no-audit --no-fund --loglevel=error
	@touch node_modules

ADDON_SOURCES = $(wildcard addon/*.c addon/*.h)
build/syscalls.node: $(ADDON_SOURCES) | node_modules
	@mkdir -p build
	gcc -std=gnu11 -O2 -Wall -Wextra -Werror -shared -fPIC -Inode_modules/node-api-headers/include \
	  -o $@ $(filter %.c,$(ADDON_SOURCES)) -ldl -lpthread

addon: build/syscalls.node ## compile the system-call addon
build: node_modules addon ## compile everything
	npx tsc -b

clean: ## remove what was built
	rm -rf dist build

.PHONY: help addon build clean
