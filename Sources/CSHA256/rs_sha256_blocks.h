// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/* The compression function (FIPS 180-4, 6.2.2) over whole blocks of two streams. */
#ifndef RS_SHA256_BLOCKS_H
#define RS_SHA256_BLOCKS_H

#include <stddef.h>
#include <stdint.h>

/* Whether this processor has the instructions that rs_sha256_two_blocks needs. */
int rs_sha256_has_blocks(void);

/* Adds `blocks` blocks of 64 bytes from p to the hash value `a`, and as many blocks from q to `b`. */
void rs_sha256_two_blocks(uint32_t a[8], const uint8_t *p, uint32_t b[8], const uint8_t *q,
                          size_t blocks);

#endif
