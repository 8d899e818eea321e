// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/* Level 3: lazy parsing, with chains of the earlier positions that have the same 4 bytes. */
#include "rs_lazy.h"

#define DEPTH 16 /* positions tried on a chain */
#define SHORT_WINDOW 4096u /* a 3-byte match farther back costs more than it saves */

static const rs_lazy_tuning tuning = {.good = 40, .skip_shift = 9};

RS_INLINE uint32_t hash4(uint32_t four) {
    return (four * 0x9E3779B1u) >> (32 - RS_CHAIN_HASH_BITS);
}

RS_INLINE uint32_t hash3(uint32_t four) {
    return ((four << 8) * 0x9E3779B1u) >> (32 - RS_SHORT_HASH_BITS);
}

RS_INLINE void insert(rs_tables *t, const uint8_t *in, uint32_t pos) {
    uint32_t four = rs_load32(in + pos), h = hash4(four);
    t->chain.next[pos & (RS_WINDOW - 1)] = t->chain.head[h];
    t->chain.head[h] = (uint16_t)pos;
    t->chain.short_head[hash3(four)] = (uint16_t)pos;
}

/* Returns a match at the latest position with the same 3 bytes, for use if `find` has no match of 4
 * bytes or more. */
RS_INLINE rs_match find_short(const uint8_t *p, uint32_t dist, uint32_t four) {
    if (dist - 1 >= SHORT_WINDOW) return (rs_match){0, 0};
    if ((rs_load32(p - dist) ^ four) << 8) return (rs_match){0, 0};
    return (rs_match){3, dist};
}

RS_INLINE rs_match find(rs_tables *t, const uint8_t *in, uint32_t pos, uint32_t max,
                        uint32_t have) {
    rs_match best = {0, 0};
    const uint8_t *p = in + pos;
    uint32_t four = rs_load32(p), start = have, last = 0;
    uint16_t at = t->chain.head[hash4(four)], at3 = t->chain.short_head[hash3(four)];
    insert(t, in, pos);
    if (have < 3) have = 3;
    if (have >= max) return best; /* and p[have] must not be read */
    for (int tries = DEPTH; tries > 0; tries--) {
        uint32_t dist = (uint16_t)(pos - at);
        /* Distances grow along a chain, unless it has been overwritten. */
        if (dist - 1 >= RS_WINDOW || dist <= last) break;
        last = dist;
        at = t->chain.next[at & (RS_WINDOW - 1)];
        /* A longer match must agree on the 4 bytes that end with p[have]. */
        const uint8_t *c = p - dist;
        if (rs_load32(c + have - 3) != rs_load32(p + have - 3) || rs_load32(c) != four) continue;
        uint32_t len = rs_extend(p, c, 4, max);
        if (len <= have) continue;
        have = len;
        best = (rs_match){len, dist};
        if (len >= tuning.good || len == max) break;
    }
    if (best.length == 0 && start < 3) best = find_short(p, (uint16_t)(pos - at3), four);
    return best;
}

void rs_chain_reset(rs_tables *t) { memset(&t->chain, 0, sizeof t->chain); }

void rs_chain_parse(rs_finder *f, uint32_t limit) {
    rs_lazy_parse(f, limit, find, insert, tuning);
}
