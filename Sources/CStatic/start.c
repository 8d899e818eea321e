// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

#include "CStatic.h"

#ifdef REGSTATIC_STATIC

#include <openssl/crypto.h>
#include <string.h>
#include <unistd.h>

enum { PROGRAM_FAILED = 5 }; /* As in ExitCodes.swift. */

/* Runs before the constructors of Swift's runtime. In a static program, one of them looks for the
 * program's path in /proc, and aborts if there is none. */
__attribute__((constructor(101))) static void require_proc(void) {
    static const char text[] =
        "error: /proc is missing, and Swift's runtime doesn't start without it\n"
        "  Mount it: mount -t proc proc /proc\n";
    char byte;
    if (readlink("/proc/self/exe", &byte, 1) == 1) return;
    if (write(STDERR_FILENO, text, strlen(text)) < 0) { /* Nobody can be told. */ }
    _exit(PROGRAM_FAILED);
}

void cstatic_start(void) {
    // The machine's openssl.cnf may name modules that can't be loaded, and rely on them.
    OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, 0);
}

#else

void cstatic_start(void) {}

#endif
