# Thin targets; meson and the scripts do the work. BUILD is the build folder.
ifeq ($(origin BUILD),undefined)
BUILD := $(shell scripts/build-folder)
endif
MESON ?= meson
NINJA ?= ninja

# What the demo shows; nothing else has to be built for it.
DEMO_PARTS = tools/imactl/imactl plugins/user/ima-user.so examples/example-inquire

.PHONY: all deps build demo test check-quick bench fuzz lint format install clean

all: build

# Debian packages that are missing: installed for root, named for everybody else.
deps:
	@scripts/deps

build: $(BUILD)/build.ninja
	@$(NINJA) -C $(BUILD)

$(BUILD)/build.ninja:
	@scripts/deps build
	@$(MESON) setup $(BUILD)

# A real target on loopback, discovered and shown with imactl.
demo:
	@scripts/deps build demo
	@test -f $(BUILD)/build.ninja || $(MESON) setup $(BUILD)
	@$(NINJA) -C $(BUILD) $(DEMO_PARTS)
	@demo/demo $(BUILD)

# Everything: normal build, sanitizers, valgrind, clang. The last line counts.
test:
	@scripts/deps
	@scripts/run-tests --build $(BUILD)

# The normal build only.
check-quick:
	@scripts/deps
	@scripts/run-tests --build $(BUILD) --only normal

bench: build
	@$(MESON) test -C $(BUILD) --benchmark --no-rebuild --verbose

# Each fuzz target for FUZZ_SECONDS seconds.
fuzz:
	@scripts/deps
	@BUILD=$(BUILD) scripts/run-fuzz

lint:
	@scripts/deps
	@scripts/lint --build $(BUILD)

# Lay out the C sources.
format:
	@scripts/lint --fix-format

# DESTDIR and the prefix of the build folder are honoured.
install: build
	@$(MESON) install -C $(BUILD) --no-rebuild

clean:
	@rm -rf $(BUILD) $(BUILD)-asan $(BUILD)-tsan $(BUILD)-clang $(BUILD)-fuzz
