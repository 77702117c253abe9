# tutor: backpropagation worked out step by step
#
# `make help` lists the targets. BUILD=dir builds elsewhere, SANITIZE=address,undefined builds with sanitizers,
# WERROR=1 makes warnings errors, V=1 shows the commands, PREFIX and DESTDIR say where to install. gcc and
# pkg-config may be missing when this file is read: `make deps` installs them.

ifeq ($(origin CC),default)
CC = gcc
endif
CFLAGS ?= -O2 -g
PREFIX ?= /usr/local
FUZZ_SECONDS ?= 60
ifdef SANITIZE
BUILD ?= build/sanitize
else
BUILD ?= build
endif
python = $(firstword $(wildcard /usr/bin/python3) python3)

# What to install from Debian. libc6-dev is named because gcc only recommends it.
packages = gcc libc6-dev make pkg-config libcsv-dev libcmark-dev zlib1g-dev libsodium-dev libedit-dev
test_packages = check python3 python3-mpmath graphviz

# pkg-config modules that are used where they are there; each defines HAVE_NAME and is named by --version.
# (OpenBLAS, of Debian's libopenblas0, is not linked but looked for at run time, where it is of use: core/blas.h.)
optional = zlib libsodium libedit
have := $(foreach module,$(optional),$(if $(shell pkg-config --exists $(module) 2>/dev/null && echo yes),$(module)))

warnings = -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wconversion
# clang says of each loop that it was asked to vectorize and did not.
warnings += $(if $(findstring clang,$(CC)),-Wno-pass-failed)
flags = -std=c11 -pthread -ffp-contract=off -D_XOPEN_SOURCE=700 -I. $(warnings) -ffile-prefix-map=$(CURDIR)=. -MMD -MP
flags += $(shell pkg-config --cflags libcmark $(have) 2>/dev/null)
flags += $(foreach module,$(have),-DHAVE_$(shell echo $(module) | tr a-z- A-Z_)=1)
libraries := -lcsv $(or $(shell pkg-config --libs libcmark $(have) 2>/dev/null),-lcmark) -lm -pthread
check_libraries = $(or $(shell pkg-config --libs check 2>/dev/null),-lcheck)
ifdef WERROR
flags += -Werror
endif
ifdef SANITIZE
sanitize = -fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer
endif
at = $(if $(V),,@)
compile = $(CC) $(flags) $(CPPFLAGS) $(CFLAGS) $(sanitize)
link = $(CC) $(CFLAGS) $(sanitize) $(LDFLAGS)

sources := $(wildcard core/*.c tutor/*.c tutor/*/*.c)
lessons := $(sort $(filter-out lessons/README.md,$(wildcard lessons/*.md lessons/*.model lessons/data/*)))
# What the program brings besides: the pages' font, style and script.
brought := $(lessons) $(wildcard lessons/font/*.woff2) tutor/render/page.css tutor/render/page.js tutor/render/chart.css
# Below $(BUILD): o/ for objects and what they are made of, tests/ for the tests' programs.
o := $(BUILD)/o
objects := $(patsubst %.c,$o/%.o,$(filter-out tutor/main.c,$(sources))) $o/embedded.o
suites := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/test_*.c))
benches := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/bench/*.c))
fuzzers := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/fuzz/*.c))
scripts := $(filter-out tests/run.sh tests/layers.sh,$(wildcard tests/*.sh))

.PHONY: all
all: $(BUILD)/tutor   ## the program, build/tutor

$(BUILD)/tutor: $o/tutor/main.o $o/libtutor.a
	@echo 'link $@'
	$(at)mkdir -p $(@D)
	$(at)$(link) $^ $(libraries) -o $@

$o/libtutor.a: $(objects)
	$(at)rm -f $@
	$(at)$(AR) rcs $@ $^

$o/tutor/main.o: flags += -DOPTIONAL_LIBRARIES='"$(have)"'

$o/%.o: %.c $o/how
	@echo 'cc $<'
	$(at)mkdir -p $(@D)
	$(at)$(compile) -c $< -o $@

$o/embedded.o: $o/embedded.c
	@echo 'cc $<'
	$(at)$(compile) -c $< -o $@

$o/embedded.c: lessons/embed.sh $(brought) $o/lessons.list
	@echo 'embed lessons'
	$(at)sh lessons/embed.sh $(brought) >$@.part
	$(at)mv $@.part $@

# Changes when the compiler, its flags or the libraries that are there do.
how := $(compile)
$o/how: always
	$(at)mkdir -p $(@D)
	@echo '$(how)' | cmp -s - $@ || echo '$(how)' >$@

# Changes when a lesson comes or goes.
$o/lessons.list: always
	$(at)mkdir -p $(@D)
	@echo '$(brought)' | cmp -s - $@ || echo '$(brought)' >$@

.PHONY: always
always:

# A program for each file; each brings its own main, suites by tests/suite.h.
$(BUILD)/tests/test_%: $o/tests/test_%.o $o/tests/suite.o $o/libtutor.a
	@echo 'link $@'
	$(at)mkdir -p $(@D)
	$(at)$(link) $^ $(libraries) $(check_libraries) -o $@
$(BUILD)/tests/bench/%: $o/tests/bench/%.o $o/libtutor.a
	@echo 'link $@'
	$(at)mkdir -p $(@D)
	$(at)$(link) $^ $(libraries) -o $@
$(BUILD)/tests/fuzz/%: $o/tests/fuzz/%.o $o/libtutor.a
	@echo 'link $@'
	$(at)mkdir -p $(@D)
	$(at)$(link) -fsanitize=fuzzer $^ $(libraries) -o $@

.SECONDARY:
-include $(wildcard $o/*.d $o/*/*.d $o/*/*/*.d)

# Installs what is missing of the packages $(1). Nothing is done, and no network needed, if all are there.
define install_packages
	@missing=; for package in $(1); do \
		dpkg-query -W -f '$${Status}' $$package 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$package"; \
	done; \
	test -n "$$missing" || exit 0; \
	if ! command -v apt-get >/dev/null; then echo "not a Debian system; needed:$$missing"; exit 0; fi; \
	if test "$$(id -u)" = 0; then sudo=; else sudo=sudo; fi; \
	echo "installing:$$missing"; \
	get="$$sudo env DEBIAN_FRONTEND=noninteractive apt-get"; \
	$$get install -y -q --no-install-recommends $$missing || \
		{ $$get update -q && $$get install -y -q --no-install-recommends $$missing; }
endef

.PHONY: deps deps-test
deps:                 ## install what building needs and is missing
	$(call install_packages,$(packages))
deps-test:            ## install what the tests need and is missing
	$(call install_packages,$(test_packages))

.PHONY: demo
demo: deps            ## build, and print the first lesson
	@$(MAKE) --no-print-directory -j$$(nproc) all
	$(BUILD)/tutor lesson mazur

.PHONY: tests check check-sanitize check-built check-killed check-lift check-threads valgrind layers
tests: $(BUILD)/tutor $(suites)

check: deps           ## everything that must pass, warnings as errors
	@$(MAKE) --no-print-directory deps-test
	@$(MAKE) --no-print-directory -j$$(nproc) check-built BUILD=$(BUILD)/check WERROR=1

# What check does not run is built at least.
unrun := $(patsubst %.c,$o/%.o,$(wildcard tests/fuzz/*.c tests/bench/*.c tests/bench/step/*.c))
check-built: tests layers $(unrun)
	@PYTHON=$(python) sh tests/run.sh $(BUILD)/tutor $(suites) $(scripts) $(wildcard tests/oracle/*.py)

check-sanitize:       ## the suites and command-line tests under ASan and UBSan
	@$(MAKE) --no-print-directory -j$$(nproc) tests BUILD=$(BUILD)/sanitize WERROR=1 SANITIZE=$(or $(SANITIZE),address,undefined)
	@CK_FORK=no ASAN_OPTIONS=detect_leaks=1 SANITIZED=1 sh tests/run.sh $(BUILD)/sanitize/tutor \
		$(patsubst $(BUILD)/%,$(BUILD)/sanitize/%,$(suites)) $(scripts)

check-killed: all     ## training killed a hundred times and continued
	@KILLS=100 TUTOR=$(BUILD)/tutor sh tests/train_killed.sh

valgrind: tests       ## the suites under valgrind
	@for suite in $(suites); do \
		CK_FORK=no CK_VERBOSITY=minimal valgrind -q --leak-check=full --error-exitcode=9 $$suite || exit 1; \
	done

check-lift: $(BUILD)/tests/test_lift_random   ## 600 random models lifted, each at five batch sizes
	@LIFT_ALL=1 $(BUILD)/tests/test_lift_random

check-threads:        ## what runs on threads, under ThreadSanitizer
	@$(MAKE) --no-print-directory $(BUILD)/threads/tests/test_lift_threads BUILD=$(BUILD)/threads SANITIZE=thread
	@CK_FORK=no $(BUILD)/threads/tests/test_lift_threads

layers:               ## prove that includes point down only (design of the layers)
	@sh tests/layers.sh

.PHONY: analyze coverage fuzz bench bench-train deps-bench
# Of rows that a vector loop fills gcc's analyzer sees one number filled; valgrind and the tests see them all.
analyze:              ## gcc -fanalyzer, clang's warnings and its analyzer
	@printf '%s\n' $(sources) | xargs -P "$$(nproc)" -n 1 sh -c 'case $$0 in \
		core/kernel_*) unsure=-Wno-analyzer-use-of-uninitialized-value;; esac; \
		gcc $(filter-out -MMD -MP,$(flags)) -Werror -O1 -fanalyzer $$unsure -c $$0 -o /dev/null && \
		clang $(filter-out -MMD -MP,$(flags)) -Werror -O1 -fsyntax-only $$0 && \
		clang $(filter-out -MMD -MP,$(flags)) --analyze -Xclang -analyzer-werror $$0 -o /dev/null || exit 1'
	@echo "analyze: $(words $(sources)) files clean"

coverage:             ## line coverage of core/ and tutor/ by the tests
	@rm -rf build/coverage
	@$(MAKE) --no-print-directory tests BUILD=build/coverage CFLAGS='-O0 -g --coverage'
	@SANITIZED=1 CK_TIMEOUT_MULTIPLIER=10 sh tests/run.sh build/coverage/tutor $(patsubst $(BUILD)/%,build/coverage/%,$(suites)) $(scripts)
	@gcovr --root . --filter core/ --filter tutor/ --object-directory build/coverage build/coverage

# The baseline kernels alone: with all that the fuzzer adds, clang takes minutes for the others.
fuzz:                 ## each fuzzer for FUZZ_SECONDS (60), by clang's libFuzzer
	@$(MAKE) --no-print-directory fuzz-built BUILD=build/fuzz CC=clang SANITIZE=address,undefined \
		CFLAGS='-O1 -g -fsanitize=fuzzer-no-link -DKERNEL_BASELINE'
.PHONY: fuzz-built
fuzz-built: $(fuzzers)
	@for fuzzer in $(fuzzers); do \
		seeds=tests/fuzz/corpus/$${fuzzer##*/}; test -d $$seeds || seeds=; \
		mkdir -p $$fuzzer.corpus && \
		$$fuzzer -max_total_time=$(FUZZ_SECONDS) -timeout=10 -artifact_prefix=$$fuzzer. -verbosity=0 \
			-dict=tests/fuzz/words.dict -print_final_stats=1 $$fuzzer.corpus $$seeds || exit 1; \
	done

bench: all $(benches) bench-train ## what things cost on this machine
	@for bench in $(benches) $(wildcard tests/bench/*.sh); do TUTOR=$(BUILD)/tutor $$bench || exit 1; done

# The step by hand takes OpenBLAS where it is installed.
hand = $(BUILD)/tests/bench/step/hand
bench-train: all $(hand) ## training against a step by hand, PyTorch and NumPy, some four minutes
	@/usr/bin/python3 tests/bench/compare.py $(BUILD)/tutor $(hand) $(COMPARE)
deps-bench:           ## install what bench-train compares with
	$(call install_packages,libopenblas-dev python3-numpy python3-torch)

.PHONY: measure-diagnosis
measure-diagnosis: $(BUILD)/tests/bench/bench_diagnose ## plant every mistake in 61 models: what is named, with the table of confusions
	@$<
.PHONY: measure-batches
measure-batches: all  ## train with every batch size, for lessons/data; after `make data`, half an hour
	@for name in digits fashion; do \
		$(python) tests/bench/batches.py $(BUILD)/tutor $$name lessons/data $(BUILD)/data/fashion-mnist || exit 1; \
	done

.PHONY: pictures
pictures: all         ## take the pictures of the README anew
	$(call install_packages,chromium graphviz texlive-latex-base poppler-utils $(if $(shell command -v node),,nodejs))
	@$(python) tests/lib/picture.py $(BUILD)/tutor >lessons/mazur.svg
	@mkdir -p lessons/pictures
	@sh tests/lib/pictures.sh $(BUILD)/tutor $(BUILD)/pictures lessons/pictures

.PHONY: data
data:                 ## make lessons/data again from Debian's packages, and fetch Fashion-MNIST to build/data
	@sh lessons/data.sh lessons/data $(BUILD)/data/fashion-mnist

share = $(DESTDIR)$(PREFIX)/share
.PHONY: lessons check-pages check-pages-quick deps-pages
lessons: all          ## every lesson in every format, in $(BUILD)/lessons, with index.html and README.md to begin at
	@mkdir -p $(BUILD)/lessons
	@for lesson in $$($(BUILD)/tutor list | sed 's/ .*//'); do \
		for format in text:txt markdown:md latex:tex html:html; do \
			$(BUILD)/tutor lesson $$lesson --linked --format $${format%:*} -o $(BUILD)/lessons/$$lesson.$${format#*:} || exit 1; \
		done; \
	done
	@$(BUILD)/tutor list --format html -o $(BUILD)/lessons/index.html
	@$(BUILD)/tutor list --format markdown -o $(BUILD)/lessons/README.md
	@ls $(BUILD)/lessons | wc -l | sed 's,$$, files in $(BUILD)/lessons,'

deps-pages:           ## install what check-pages needs and is missing; Node.js of Debian where there is no npm
	$(call install_packages,chromium graphviz texlive-latex-base cmark-gfm $(if $(shell command -v npm),,nodejs npm))
check-pages: all      ## every lesson's page validated, driven and timed in Chromium, LaTeX compiled, Markdown read
	@$(MAKE) --no-print-directory deps-pages
	@sh tests/lib/pages_check.sh $(BUILD)/tutor $(BUILD)/pages all
check-pages-quick: all ## the same without driving, timing and pictures
	@$(MAKE) --no-print-directory deps-pages
	@sh tests/lib/pages_check.sh $(BUILD)/tutor $(BUILD)/pages quick

.PHONY: font
font_glyphs = U+20-7E U+B7 U+D7 U+394 U+3A3 U+3A6 U+3B1-3C9 U+2026 U+2032 U+2061 U+2190 U+2192 U+2202 U+2207 U+2211 \
	U+2212 U+221A U+221E U+2248 U+2260 U+2264 U+2265 U+2299 U+22C5 U+22EF U+210E U+1D434-1D467 U+1D6DB U+1D6FC-1D71B
font:                 ## make the pages' font again, of Debian's fonts-lmodern
	$(call install_packages,fonts-lmodern python3-fonttools python3-brotli)
	$(python) -m fontTools.subset /usr/share/texmf/fonts/opentype/public/lm-math/latinmodern-math.otf \
		--unicodes='$(font_glyphs)' --layout-features='' --no-hinting --no-recalc-timestamp --flavor=woff2 \
		--output-file=lessons/font/TutorMath.woff2

.PHONY: install uninstall clean help
install: all          ## under $(DESTDIR)$(PREFIX)
	install -d $(DESTDIR)$(PREFIX)/bin $(share)/tutor/lessons $(share)/tutor/golden $(share)/doc/tutor
	install -m 755 $(BUILD)/tutor $(DESTDIR)$(PREFIX)/bin/tutor
	cp -r lessons/. $(share)/tutor/lessons
	rm $(share)/tutor/lessons/*.sh
	cp -r golden/. $(share)/tutor/golden
	install -m 644 $(wildcard README.md) LICENSE $(share)/doc/tutor
uninstall:            ## what install put there
	rm -rf $(DESTDIR)$(PREFIX)/bin/tutor $(share)/tutor $(share)/doc/tutor

clean:                ## remove what was built
	rm -rf $(BUILD)

help:                 ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' $(firstword $(MAKEFILE_LIST)) | \
		while IFS='|' read -r target does; do printf '  make %-15s %s\n' "$$target" "$$does"; done
