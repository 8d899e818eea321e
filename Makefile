# SPDX-License-Identifier: Apache-2.0
# Copyright the regstatic authors

PREFIX ?= /usr/local
DESTDIR ?=
SWIFT ?= swift
BENCH ?=
CRASH ?=
NEW ?=
# A kubelet, for `make matrix` and `make test`.
KUBELET ?=
TREES ?= .build/clients
# Seconds for each target of the fuzzer, and the targets.
FUZZ_SECONDS ?= 15
FUZZ ?= json tar gzip zstd template deflate patch signature signers
# 0: another one for each run.
FUZZ_SEED ?= 0
SANITIZERS ?= address thread
# SHORT=1: sanitizers only for the tests of the modules with C, unsafe code or threads.
SHORT ?=

# Debian's packages have theirs in vendor-completions.
ZSH_COMPLETIONS ?= $(PREFIX)/share/zsh/site-functions
# What takes the symbols off the installed program; empty for none.
STRIP ?= strip

program := .build/release/regstatic
static := .build/static/regstatic
swift_files := Package.swift $(wildcard Sources Tests Fuzz bench/patch-tool installer nginx servers site-template)
# Bytes of the static program: a new dependency must be noticed.
size_limit := 28000000
libraries := pkg-config libarchive-dev libssl-dev libisal-dev libzstd-dev libcurl4-openssl-dev
# What the static program takes from Debian's packages; assembler of x86-64 needs nasm.
static_libraries := $(libraries) libbz2-dev libc-ares-dev liblz4-dev liblzma-dev zlib1g-dev \
  debian-archive-keyring dpkg-dev gcc make $(if $(filter x86_64,$(shell uname -m)),nasm)
static_build := $(CURDIR)/.build/static-build
# Paths in the program start at the tree, so that each folder gives the same bytes. Swift's hashes of modules,
# which only the compiler uses, still depend on the folder; strip removes them.
same_paths := -Xswiftc -file-prefix-map -Xswiftc $(CURDIR)=. -Xcc -ffile-prefix-map=$(CURDIR)=.
packers := rpm dpkg-dev openssh-client python3
# A key of ssh-keygen, for `make release`.
KEY ?=
# A folder with another libc.a to link the static program with.
GLIBC ?=
servers_and_clients := nginx skopeo podman buildah umoci containerd docker.io openssl curl gzip bzip2 \
  xz-utils zstd libarchive-tools strace ntfs-3g exfat-fuse exfatprogs xfsprogs apache2-bin caddy lighttpd \
  lighttpd-mod-openssl lighttpd-modules-lua python3 python3-venv rclone docker-registry iproute2 mandoc \
  busybox-static chromium chromium-driver python3-html5lib python3-selenium openssh-client
# Beside containerd, for KUBELET.
node := runc
# For C only, because swiftc has no such sanitizer on Linux; the runtime of AddressSanitizer contains it.
undefined := -Xcc -fsanitize=undefined -Xcc -fno-sanitize-recover=undefined
newer := $(if $(NEW),$(abspath $(TREES)/trixie $(TREES)/sid))
table := $(if $(NEW),docs/matrix.md,.build/matrix.md)
# Chapters of the table: other clients and partial pulls, for newer clients; pods, for a kubelet.
clients := .build/clients.md
partial := .build/partial.md
pods := .build/pods.md
kubelet := KUBELET=$(if $(KUBELET),$(abspath $(KUBELET)))
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
.PHONY: help setup build static install install-files release demo test matrix moto lint fuzz sanitize bench bench-bundles crash profile clean

help: ## Say what there is to make
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 15

setup: ## Install the Debian packages to build with; Swift 6.2 or later must be there
	@command -v $(SWIFT) >/dev/null || { echo "make: no swift: https://www.swift.org/install" >&2; exit 1; }
	$(call packages,$(libraries))

build: ## Build the program for use: .build/release/regstatic
	$(SWIFT) build -c release --static-swift-stdlib --product regstatic

static: setup ## Build a program that needs nothing of the machine: .build/static/regstatic
	$(call packages,$(static_libraries))
	SWIFT=$(SWIFT) packaging/static/libraries.sh .build/static-libraries
	rm -f .build/static/regstatic
	REGSTATIC_STATIC=$(CURDIR)/.build/static-libraries \
	  PKG_CONFIG_PATH=$(CURDIR)/.build/static-libraries/pkgconfig \
	  $(SWIFT) build -c release --scratch-path $(static_build) --product regstatic \
	  -debug-info-format none $(same_paths) -Xswiftc -static-executable \
	  $(if $(GLIBC),-Xlinker -L$(abspath $(GLIBC))) \
	  -Xlinker --build-id=none -Xlinker -Map=$(static_build)/map
	mkdir -p .build/static
	packaging/static/third-party.sh .build/static-libraries $(static_build)/map >.build/static/THIRD-PARTY
	strip -R .swift_modhash -o .build/static/regstatic $(static_build)/release/regstatic
	@size=$$(stat -c %s .build/static/regstatic) && [ "$$size" -le $(size_limit) ] || \
	  { echo "make: the static program has $$size bytes, the limit is $(size_limit)" >&2; exit 1; }
	@ls -l .build/static/regstatic

install: build install-files ## Install program, manual and completions in PREFIX (/usr/local)

# Of a program that is built: with sudo, without Swift.
install-files:
	@test -x $(program) || { echo "make: no $(program): make build" >&2; exit 1; }
	install -D -m 755 $(program) $(DESTDIR)$(PREFIX)/bin/regstatic
	$(if $(STRIP),$(STRIP) $(DESTDIR)$(PREFIX)/bin/regstatic)
	install -d $(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d \
	  $(DESTDIR)$(PREFIX)/share/bash-completion/completions $(DESTDIR)$(ZSH_COMPLETIONS)
	$(program) manual $(DESTDIR)$(PREFIX)/share/man/man1
	cd $(DESTDIR)$(PREFIX)/share && \
	  $(abspath $(program)) --generate-completion-script bash | sed '1{/^#!/d}' >bash-completion/completions/regstatic && \
	  $(abspath $(program)) --generate-completion-script fish >fish/vendor_completions.d/regstatic.fish
	$(program) --generate-completion-script zsh >$(DESTDIR)$(ZSH_COMPLETIONS)/_regstatic

release: static ## Make the files of a release, .build/release-files: packages, tar, image; KEY=FILE signs them
	$(call packages,$(packers))
	KEY=$(KEY) packaging/release/release.sh .build/static .build/release-files

demo: setup build ## From samples/hello.tar to a page for the browser and a pull, each step shown
	@test -x /usr/sbin/nginx || command -v nginx >/dev/null || $(MAKE) --no-print-directory package-nginx
	@command -v skopeo >/dev/null || command -v podman >/dev/null || docker info >/dev/null 2>&1 || \
	  $(MAKE) --no-print-directory package-skopeo
	@samples/demo.sh $(program)

package-%:
	$(call packages,$*)

test: setup lint static ## Check everything: format, static program, tests with real servers and clients
	$(call packages,$(servers_and_clients) $(packers) faketime)
	@$(MAKE) moto || echo "make: no S3 server from PyPI: tests of publish will be skipped" >&2
	$(if $(KUBELET),$(call packages,$(node)))
	REGSTATIC=$(CURDIR)/$(static) $(kubelet) $(SWIFT) test
	$(MAKE) fuzz FUZZ_SECONDS=10 FUZZ_SEED=1
	$(MAKE) sanitize SHORT=1
	$(call packages,e2fsprogs)
	Tests/Crash/crash.py --program $(static) --kills 15 --errors 50 $(disturbed_disks)

# Full disks and power failures need root, for mounts.
disturbed_disks = $(if $(filter 0,$(shell id -u)),--disks 6 --power 4,--disks 0 --power 0)

moto: .build/moto/ready ## Install the S3 server that tests publish to, beside the build (from PyPI)

.build/moto/ready: Tests/requirements.txt
	python3 -m venv .build/moto
	.build/moto/bin/pip install -q --disable-pip-version-check -r $<
	touch $@

.build/pypi/ready: Tests/Clients/requirements.txt
	python3 -m venv .build/pypi
	.build/pypi/bin/pip install -q --disable-pip-version-check -r $<
	touch $@

matrix: setup $(if $(NEW),static) ## Pull with every client from every server, as root; NEW=1: with newer Debian's, into docs/matrix.md; KUBELET=FILE: run pods, too
	@[ "$$(id -u)" = 0 ] || { echo "make: the matrix needs root: image stores, mounts, trees" >&2; exit 1; }
	$(call packages,$(servers_and_clients) $(if $(NEW),debootstrap) $(if $(KUBELET),$(node)))
	rm -f $(clients) $(partial) $(pods)
	$(if $(NEW),$(MAKE) .build/pypi/ready || echo "make: no clients from PyPI: they won't be in the matrix" >&2)
	for tree in $(newer); do Tests/Clients/tree.sh "$${tree##*/}" "$$tree" || exit 1; done
	CI=true REGSTATIC_TREES=$(subst $() ,:,$(newer)) REGSTATIC_MATRIX=$(abspath $(table)) \
	  REGSTATIC_CLIENTS=$(abspath $(clients)) REGSTATIC_PARTIAL=$(abspath $(partial)) \
	  REGSTATIC_PODS=$(abspath $(pods)) $(kubelet) $(SWIFT) test --filter \
	  'ClientMatrixTests|CRITests|KitClientTests|PartialPullTests|SignatureTests|KubeletTests$(if $(NEW),|StaticTests)'
	for chapter in $(clients) $(partial) $(pods); do [ ! -e $$chapter ] || { echo; cat $$chapter; } >>$(table); done
	@cat $(table)

lint: ## Check the format of the Swift files
	$(SWIFT) format lint --strict -r -p $(swift_files)

fuzz: ## Look for inputs that break parsers; FUZZ_SECONDS=15 for each target, FUZZ='json tar'
	REGSTATIC_FUZZ=1 $(SWIFT) build -c release --scratch-path .build/fuzz --product Fuzz \
	  --sanitize fuzzer --sanitize address \
	  -Xswiftc -sanitize=fuzzer,address -Xswiftc -enable-testing $(undefined)
	FUZZ_SEED=$(FUZZ_SEED) Fuzz/run.sh .build/fuzz/release/Fuzz $(FUZZ_SECONDS) $(FUZZ)

sanitize: $(SANITIZERS:%=sanitize-%) ## Run the unit tests with sanitizers; SANITIZERS='address thread', SHORT=1

# Leaks aren't looked for: LeakSanitizer doesn't know Swift's tagged pointers, and takes constants for lost.
sanitize-%:
	$(if $(SHORT),REGSTATIC_TESTS=low-level) ASAN_OPTIONS=detect_leaks=0 \
	  TSAN_OPTIONS=halt_on_error=1:suppressions=$(CURDIR)/Tests/tsan.txt \
	  $(SWIFT) test --sanitize=$* \
	  --scratch-path .build/$* --skip IntegrationTests $(if $(filter address,$*),$(undefined))

bench: build ## Measure beside skopeo, pigz and others, then bundles; BENCH='--quick' for a first look, without bundles
	bench/bench.py $(BENCH)
	$(if $(filter --quick,$(BENCH)),,$(MAKE) bench-bundles)

bench-bundles: build ## Measure bundles, and patches beside xdelta3, zstd and casync; needs 10 GB and the internet
	$(call packages,xdelta3 zstd casync)
	bench/bundles.py
	bench/deltas.py

crash: build ## Kill, fail, fill the disk and cut the power (as root); CRASH='--kills 300' for more
	$(call packages,strace python3 e2fsprogs openssh-client)
	Tests/Crash/crash.py --program $(program) $(CRASH)

profile: build ## Say what share of the CPU time goes where
	bench/profile.sh

clean: ## Remove what was built, and what the demo and the benchmark made
	$(SWIFT) package clean
	rm -rf demo-site* bench-work
