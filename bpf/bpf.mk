# The eBPF object is committed beside its source; only who changes the source needs clang-14.
BPF_CLANG ?= clang-14
BPF_STRIP ?= llvm-strip-14
BPF_FLAGS = -O2 -g -target bpf -mcpu=v3 -Wall -Wno-unused-function -Werror \
  -idirafter /usr/include/$(shell gcc -print-multiarch 2>/dev/null)
BPF_HEADERS := $(wildcard bpf/*.h)

# Compiled from inside its folder with relative names, so that no path of a machine gets into it.
bpf/balancer.bpf.o: bpf/balancer.bpf.c $(BPF_HEADERS)
	cd bpf && $(BPF_CLANG) $(BPF_FLAGS) -fdebug-compilation-dir=. -c balancer.bpf.c -o balancer.bpf.o
	$(BPF_STRIP) -g bpf/balancer.bpf.o

bench/bpf/%.bpf.o: bench/bpf/%.bpf.c bench/bpf/frame.h
	cd bench/bpf && $(BPF_CLANG) $(BPF_FLAGS) -fdebug-compilation-dir=. -c $*.bpf.c -o $*.bpf.o
	$(BPF_STRIP) -g $@

bpf: bpf/balancer.bpf.o $(patsubst %.c,%.o,$(wildcard bench/bpf/*.bpf.c)) ## compile the eBPF objects (clang-14, libbpf-dev)

.PHONY: bpf
