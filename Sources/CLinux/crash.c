// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors
#define _GNU_SOURCE
#include "CLinux.h"

#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const char *memory_text, *crash_text;

// Larger than most allocations, so that one that failed is recognised.
enum { PROBE = 64 << 20 };

static int is_memory_short(void) {
    void *probe = mmap(0, PROBE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (probe == MAP_FAILED) return 1;
    munmap(probe, PROBE);
    return 0;
}

// Calls only what is allowed in a signal handler. SA_RESETHAND has restored the default action, so
// that the signal ends the process as if there were no handler.
static void report(int signal) {
    const char *text = is_memory_short() ? memory_text : crash_text;
    if (write(STDERR_FILENO, text, strlen(text)) < 0) { /* Nobody is there to be told. */ }
    raise(signal);
}

void linux_report_crashes(const char *memory, const char *crash) {
    static char stack[64 << 10];
    static const int signals[] = {SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTRAP};
    memory_text = memory;
    crash_text = crash;
    // A stack that overflowed has no room for the handler.
    sigaltstack(&(stack_t){.ss_sp = stack, .ss_size = sizeof stack}, 0);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        struct sigaction old;
        // The backtracer of Swift and sanitizers have their own handlers.
        if (sigaction(signals[i], 0, &old) != 0 || old.sa_handler != SIG_DFL) continue;
        struct sigaction action = {.sa_handler = report};
        action.sa_flags = SA_RESETHAND | SA_NODEFER | SA_ONSTACK;
        sigaction(signals[i], &action, 0);
    }
}
