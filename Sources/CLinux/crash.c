// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors
#define _GNU_SOURCE
#include "CLinux.h"

#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const char *memory_text, *crash_text;

// The size of a test allocation, larger than most allocations, so that the test also fails if
// another allocation has failed.
enum { PROBE = 64 << 20 };

static int is_memory_short(void) {
    void *probe = mmap(0, PROBE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (probe == MAP_FAILED) return 1;
    munmap(probe, PROBE);
    return 0;
}

// Calls only functions that are allowed in a signal handler. SA_RESETHAND has restored the default
// action, so the signal that this function raises again ends the process.
static void report(int signal) {
    const char *text = is_memory_short() ? memory_text : crash_text;
    if (write(STDERR_FILENO, text, strlen(text)) < 0) { /* The error can't be reported. */ }
    raise(signal);
}

void linux_report_crashes(const char *memory, const char *crash) {
    static char stack[64 << 10];
    static const int signals[] = {SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTRAP};
    memory_text = memory;
    crash_text = crash;
    // Use a separate stack, because after a stack overflow there is no room for the handler.
    sigaltstack(&(stack_t){.ss_sp = stack, .ss_size = sizeof stack}, 0);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        struct sigaction old;
        // Keep existing handlers, which Swift's backtracer and sanitizers install.
        if (sigaction(signals[i], 0, &old) != 0 || old.sa_handler != SIG_DFL) continue;
        struct sigaction action = {.sa_handler = report};
        action.sa_flags = SA_RESETHAND | SA_NODEFER | SA_ONSTACK;
        sigaction(signals[i], &action, 0);
    }
}
