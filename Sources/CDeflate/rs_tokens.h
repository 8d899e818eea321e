// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/* The output of a match finder, which consists of runs of literals, each followed by a match. */
#ifndef RS_TOKENS_H
#define RS_TOKENS_H

#include "rs_mem.h"

#define RS_MIN_MATCH 3
#define RS_MAX_MATCH 258
#define RS_WINDOW 32768u

/* Symbols: literals 0-255, end of block 256, lengths 257-285; distances follow
 * in the same histogram so that adding two histograms is one loop. */
#define RS_END_OF_BLOCK 256
#define RS_LITLEN_CODES 286
#define RS_NO_SYMBOL 287 /* never counted, and has a code of 0 bits; see rs_literal */
#define RS_DIST_BASE 288
#define RS_DIST_CODES 30
#define RS_SYMBOLS (RS_DIST_BASE + 32)

/* `literals` bytes copied as they are, then a match unless length is 0. */
typedef struct {
    uint32_t literals;
    uint16_t length;
    uint16_t distance;
} rs_seq;

extern const uint8_t rs_length_slot[256];  /* length - 3 -> slot 0..28 */
extern const uint8_t rs_length_extra[29];  /* slot -> extra bits       */
extern const uint16_t rs_length_base[29];  /* slot -> smallest length  */

/* The size of distance slots doubles every two slots: with e extra bits, slot = 2e + top two bits. */
RS_INLINE unsigned rs_dist_extra(uint32_t dist_minus_1) {
    return rs_high_bit(dist_minus_1 | 2) - 1;
}

RS_INLINE unsigned rs_dist_slot(uint32_t dist_minus_1, unsigned extra) {
    return 2 * extra + (dist_minus_1 >> extra);
}

/* The i-th byte if i < n, else the symbol that takes 0 bits.  This turns "0 to 3 literals" into
 * straight-line code, because branch predictors most often guess wrong about the length of a
 * literal run. */
RS_INLINE unsigned rs_literal(uint32_t bytes, unsigned i, uint32_t n) {
    unsigned byte = (bytes >> (8 * i)) & 0xff;
    return i < n ? byte : RS_NO_SYMBOL;
}

#endif
