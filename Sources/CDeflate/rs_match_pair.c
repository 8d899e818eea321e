// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/* Level 2: lazy parsing, with the two latest positions that have the same 4 bytes. */
#include "rs_lazy.h"

static const rs_lazy_tuning tuning = {.good = 32, .skip_shift = 7};

static inline uint32_t *bucket(rs_tables *t, const uint8_t *p) {
    return &t->pair[(rs_load32(p) * 0x9E3779B1u) >> (32 - RS_PAIR_HASH_BITS)];
}

/* A bucket is one word with two 16-bit positions, the newer one in the low half. */
RS_INLINE void insert(rs_tables *t, const uint8_t *in, uint32_t pos) {
    uint32_t *b = bucket(t, in + pos);
    *b = *b << 16 | (pos & 0xffff);
}

RS_INLINE rs_match find(rs_tables *t, const uint8_t *in, uint32_t pos, uint32_t max,
                        uint32_t have) {
    rs_match best = {0, 0};
    const uint8_t *p = in + pos;
    uint32_t *b = bucket(t, p), both = *b, four = rs_load32(p);
    *b = both << 16 | (pos & 0xffff);
    for (int i = 0; i < 2; i++, both >>= 16) {
        uint32_t dist = (uint16_t)(pos - both);
        if (dist - 1 >= RS_WINDOW || rs_load32(p - dist) != four) continue;
        if (have >= 4 && (have >= max || p[have] != (p - dist)[have])) continue;
        uint32_t len = rs_extend(p, p - dist, 4, max);
        if (len > have) {
            have = len;
            best = (rs_match){len, dist};
        }
    }
    return best;
}

void rs_pair_reset(rs_tables *t) { memset(t->pair, 0, sizeof t->pair); }

void rs_pair_parse(rs_finder *f, uint32_t limit) {
    rs_lazy_parse(f, limit, find, insert, tuning);
}
