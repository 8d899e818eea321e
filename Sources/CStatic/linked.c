// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

#include "CStatic.h"

const char *cstatic_linked(void) {
    return ""
#ifdef REGSTATIC_STATIC
/* packaging/static/libraries.sh writes this file. */
#include "linked.h"
#endif
        ;
}
