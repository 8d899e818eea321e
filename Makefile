# SPDX-License-Identifier: Apache-2.0
# Copyright the regstatic authors

PREFIX ?= /usr/local
DESTDIR ?=
SWIFT ?= swift
BENCH ?=
NEW ?=
TREES ?= .build/clients

program := .build/release/regstatic
swift_files := Package.swift $(wildcard Sources Tests servers site-template)
libraries := pkg-config libarchive-dev libssl-dev libisal-dev libzstd-dev libcurl4-openssl-dev
servers_and_clients := nginx skopeo podman buildah containerd docker.io openssl curl gzip bzip2 xz-utils \
  zstd libarchive-tools strace ntfs-3g exfat-fuse exfatprogs apache2-bin caddy lighttpd \
  lighttpd-mod-openssl lighttpd-modules-lua python3 python3-venv rclone docker-registry \
  chromium chromium-driver python3-html5lib python3-selenium
newer := $(if $(NEW),$(abspath $(TREES)/trixie $(TREES)/sid))
table := $(if $(NEW),docs/matrix.md,.build/matrix.md)
sudo := $(if $(filter-out 0,$(shell id -u)),sudo)

# $(call packages,NAMES): installs what is not there; nothing to do needs no network and no root.
define packages
	@dpkg-query -W -f '$${db:Status-Status}\n' $(1) 2>/dev/null | \
	  awk '$$1 == "installed" { n++ } END { exit n != $(words $(1)) }' || \
	  { $(sudo) apt-get update && \
	    $(sudo) env DEBIAN_FRONTEND=noninteractive \
	      apt-get install -y --no-install-recommends $(1); }
endef

.DEFAULT_GOAL := help
.PHONY: help setup build install demo test matrix moto lint bench profile clean

help: ## Say what there is to make
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

setup: ## Install the Debian packages to build with; Swift 6.2 or later must be there
	@command -v $(SWIFT) >/dev/null || { echo "make: no swift: https://www.swift.org/install" >&2; exit 1; }
	$(call packages,$(libraries))

build: ## Build the program for use: .build/release/regstatic
	$(SWIFT) build -c release --static-swift-stdlib --product regstatic

install: build ## Install the program in PREFIX/bin (/usr/local)
	install -D -m 755 $(program) $(DESTDIR)$(PREFIX)/bin/regstatic

demo: setup build ## Build a site from samples/hello.tar in demo-site, list and verify it
	rm -rf demo-site
	$(program) build samples/hello.tar -o demo-site
	$(program) list demo-site
	$(program) verify demo-site

test: setup lint build ## Check everything: format, release build, tests with real servers and clients
	$(call packages,$(servers_and_clients))
	@$(MAKE) moto || echo "make: no S3 server from PyPI: tests of publish will be skipped" >&2
	$(SWIFT) test

moto: .build/moto/ready ## Install the S3 server that tests publish to, beside the build (from PyPI)

.build/moto/ready: Tests/requirements.txt
	python3 -m venv .build/moto
	.build/moto/bin/pip install -q --disable-pip-version-check -r $<
	touch $@

matrix: setup ## Pull with every client from every server, as root; NEW=1: with newer Debian's, into docs/matrix.md
	@[ "$$(id -u)" = 0 ] || { echo "make: the matrix needs root: image stores, mounts, trees" >&2; exit 1; }
	$(call packages,$(servers_and_clients) $(if $(NEW),debootstrap))
	for tree in $(newer); do Tests/Clients/tree.sh "$${tree##*/}" "$$tree" || exit 1; done
	CI=true REGSTATIC_TREES=$(subst $() ,:,$(newer)) REGSTATIC_MATRIX=$(abspath $(table)) \
	  $(SWIFT) test --filter ClientMatrixTests
	@cat $(table)

lint: ## Check the format of the Swift files
	$(SWIFT) format lint --strict -r -p $(swift_files)

bench: build ## Measure beside skopeo, pigz and others; BENCH='--quick' for a first look
	bench/bench.py $(BENCH)

profile: build ## Say what share of the CPU time goes where
	bench/profile.sh

clean: ## Remove what was built, and what the demo and the benchmark made
	$(SWIFT) package clean
	rm -rf demo-site bench-work
