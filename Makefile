# Thin targets; meson does the work. BUILD is the build folder.
BUILD ?= build
MESON ?= meson

.PHONY: build deps
build: $(BUILD)/build.ninja
	ninja -C $(BUILD)

$(BUILD)/build.ninja:
	$(MESON) setup $(BUILD)
