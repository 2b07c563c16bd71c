# mds: `make run` opens the workbench on the embedded service, `make test` passes the tests.
PREFIX ?= /usr/local
DESTDIR ?=
SWIFT ?= swift
ARGS ?=

ROOT_PACKAGES = libncursesw5-dev libcurl4-openssl-dev libsqlite3-dev zlib1g-dev pkg-config
SERVER_PACKAGES = libxgboost-dev libpq-dev librdkafka-dev
# ssh-keygen: the signatures of bundles are held to it; rclone carries them. The collector is tested on PostgreSQL as it is
# on SQLite. The workbench is run through sshd, in tmux and over mosh, and pages with less; bash, zsh and fish complete it.
# fiu-run and strace let calls of the system fail, faketime gives programs a wrong clock.
TEST_PACKAGES = openssh-client rclone postgresql-15 openssh-server tmux mosh less zsh fish fiu-utils strace faketime
# The programs that part `peers` of the benchmark measures beside ours; from PyPI it takes two more into a folder of its own.
BENCH_PACKAGES = tig mc htop less vim neomutt aerc btop git python3-venv
# With Swift's libraries inside: it starts 10 ms sooner, takes 5 MB less, and runs where no Swift is installed.
RELEASE = -c release --static-swift-stdlib
BIN = .build/debug
SERVERS = Servers/.build/debug

.PHONY: all deps build docs run test test-peers test-peers-all torture bench lint format install clean

all: build

deps:
	@scripts/deps $(ROOT_PACKAGES) $(SERVER_PACKAGES)

build: deps
	$(SWIFT) build
	$(SWIFT) build --package-path Servers

# The manual is written from the commands and the keymap; a test holds the files to them.
docs: build
	$(BIN)/mds manual > docs/mds.1
	$(BIN)/mds manual --format md > docs/manual.md

run: build
	$(BIN)/mds demo $(ARGS)

# A few at a time: hundreds at once would keep those waiting that talk to a server or a terminal.
TEST_FLAGS = --experimental-maximum-parallelization-width 4

# Programs and tests are built at once: after the programs alone, SwiftPM would build most of both packages again.
test: deps
	@scripts/deps $(TEST_PACKAGES)
	$(SWIFT) build --build-tests
	scripts/test $(SWIFT) test --skip-build $(TEST_FLAGS)
	$(SWIFT) build --build-tests --package-path Servers
	scripts/test $(SWIFT) test --skip-build $(TEST_FLAGS) --package-path Servers

test-peers: build
	Tests/Peers/run

# And KServe, Seldon Core 1, the doubles of Seldon Core 2's scheduler and of the Kubernetes API.
test-peers-all: build
	Tests/Peers/run-all

# What could lose an event, at length, and one report of it; scripts/torture names the knobs. `make test` has short forms.
torture: build
	scripts/torture

# Words in ARGS name parts: `make bench ARGS="line keys"`. Part `peers` measures other terminal programs beside ours, those
# that can be installed. Part `servers` starts MLServer and Triton of Tests/Peers and measures beside other people's clients.
bench: deps
	@scripts/deps postgresql-15
	-@$(if $(filter peers,$(or $(ARGS),peers)),scripts/deps $(BENCH_PACKAGES))
	$(SWIFT) build $(RELEASE) --product mds
	$(SWIFT) build $(RELEASE) --product Benchmarks
	$(SWIFT) build $(RELEASE) --package-path Servers
	.build/release/Benchmarks $(ARGS)

lint: deps
	$(SWIFT) format lint --strict -r Sources Tests Benchmarks Package.swift Servers/Sources Servers/Tests Servers/Package.swift \
	  Fuzz/Sources Fuzz/Package.swift
	$(SWIFT) build --explicit-target-dependency-import-check error

format:
	$(SWIFT) format -i -r Sources Tests Benchmarks Package.swift Servers/Sources Servers/Tests Servers/Package.swift \
	  Fuzz/Sources Fuzz/Package.swift

install: deps
	$(SWIFT) build $(RELEASE) --product mds
	$(SWIFT) build $(RELEASE) --package-path Servers
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/libexec/mds $(DESTDIR)$(PREFIX)/share/mds
	install -m 755 .build/release/mds $(DESTDIR)$(PREFIX)/bin/mds
	install -m 755 Servers/.build/release/mds-service Servers/.build/release/mds-collector $(DESTDIR)$(PREFIX)/libexec/mds/
	ln -sf ../libexec/mds/mds-service ../libexec/mds/mds-collector $(DESTDIR)$(PREFIX)/bin/
	install -d $(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/bash-completion/completions \
	  $(DESTDIR)$(PREFIX)/share/zsh/site-functions $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
	.build/release/mds manual > $(DESTDIR)$(PREFIX)/share/man/man1/mds.1
	.build/release/mds completions bash > $(DESTDIR)$(PREFIX)/share/bash-completion/completions/mds
	.build/release/mds completions zsh > $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_mds
	.build/release/mds completions fish > $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/mds.fish
	install -d $(DESTDIR)$(PREFIX)/lib/systemd/system
	sed 's#/usr/local#$(PREFIX)#' packaging/mds-collector.service \
	  > $(DESTDIR)$(PREFIX)/lib/systemd/system/mds-collector.service
	install -m 644 packaging/mds-collector.environment packaging/mds-collector.credentials.conf $(DESTDIR)$(PREFIX)/share/mds/
	cp -r fixtures/models fixtures/records themes docs/openapi.json $(DESTDIR)$(PREFIX)/share/mds/

clean:
	rm -rf .build Servers/.build Fuzz/.build .peers
