// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors
#pragma once

/* The difference between the static program, which `make static` builds, and the usual one. */

/* Makes the static program independent of the machine; call this before the libraries are used. */
void cstatic_start(void);

/* A line "NAME VERSION" for each library that is linked into the static program; empty in the usual
 * program, which loads the libraries of the system. */
const char *cstatic_linked(void);
