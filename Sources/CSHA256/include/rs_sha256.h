// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/* SHA-256 (FIPS 180-4) of two streams at once.  Each round waits for the round before it, so one
 * stream leaves a processor's SHA unit idle for much of the time. A second stream beside the first
 * costs half of what it costs alone. Only that loop is our own code; libcrypto does the rest, and
 * does everything if the processor has no SHA instructions. */
#ifndef RS_SHA256_H
#define RS_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define RS_SHA256_SIZE 32

/* Two running computations. */
typedef struct rs_sha256_pair rs_sha256_pair;

/* Returns NULL if there is no memory. If `side_by_side` is 0, libcrypto does everything. */
rs_sha256_pair *rs_sha256_pair_new(int side_by_side);
void rs_sha256_pair_free(rs_sha256_pair *pair);

/* Adds a[0..n) to the first stream and b[0..m) to the second one. */
void rs_sha256_pair_update(rs_sha256_pair *pair, const void *a, size_t n, const void *b,
                           size_t m);

/* Ends both streams, and stores their hashes in `a` and `b`. */
void rs_sha256_pair_finish(rs_sha256_pair *pair, uint8_t a[RS_SHA256_SIZE],
                           uint8_t b[RS_SHA256_SIZE]);

#endif
