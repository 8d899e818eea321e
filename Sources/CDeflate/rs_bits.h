// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/* Bit writer: DEFLATE packs bits from the least significant end up. */
#ifndef RS_BITS_H
#define RS_BITS_H

#include "rs_mem.h"

/* Every flush stores 8 bytes, so the writer needs this much room past the last
 * byte it will keep.  Callers check capacity once per block, not per symbol. */
#define RS_BITS_SLACK 8

typedef struct {
    uint64_t buf;   /* bits not yet stored, first one lowest */
    unsigned count; /* number of bits in buf; at most 7 after a flush */
    uint8_t *out;
} rs_bits;

/* At most 56 bits may be put between two flushes. */
RS_INLINE void rs_bits_put(rs_bits *w, uint64_t value, unsigned count) {
    w->buf |= value << (w->count & 63);
    w->count += count;
}

RS_INLINE void rs_bits_flush(rs_bits *w) {
    rs_store64(w->out, w->buf);
    w->out += w->count >> 3;
    w->buf >>= w->count & 56;
    w->count &= 7;
}

/* Pads with zero bits to a byte boundary. */
RS_INLINE void rs_bits_align(rs_bits *w) {
    w->count = (w->count + 7) & ~7u;
    rs_bits_flush(w);
}

#endif
