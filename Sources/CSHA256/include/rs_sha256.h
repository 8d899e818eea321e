// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/* SHA-256 (FIPS 180-4) of two streams at once.
 *
 * A round waits for the one before it, so a processor's SHA unit idles for a good part
 * of the time that one stream takes: a second one beside it costs half of what it costs
 * alone.  All but that loop is libcrypto's, and without SHA instructions so is everything. */
#ifndef RS_SHA256_H
#define RS_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define RS_SHA256_SIZE 32

/* Two running computations. */
typedef struct rs_sha256_pair rs_sha256_pair;

/* NULL without memory.  `side_by_side` is 0 to leave everything to libcrypto. */
rs_sha256_pair *rs_sha256_pair_new(int side_by_side);
void rs_sha256_pair_free(rs_sha256_pair *pair);

/* Goes on with a[0..n) in the first and b[0..m) in the second. */
void rs_sha256_pair_update(rs_sha256_pair *pair, const void *a, size_t n, const void *b,
                           size_t m);

/* Ends both. */
void rs_sha256_pair_finish(rs_sha256_pair *pair, uint8_t a[RS_SHA256_SIZE],
                           uint8_t b[RS_SHA256_SIZE]);

#endif
