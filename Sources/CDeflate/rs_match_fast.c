// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/* Level 1: greedy, one candidate per position, four positions at a time.
 *
 * Whether a position starts a match is a coin toss to a branch predictor, and
 * a wrong guess costs more than looking up a position.  So four positions are
 * looked up without branches and there is one branch: did any of them match? */
#include "rs_match.h"

#define GROUP 4
#define HASH_MASK 0xffffffffffu /* 5 bytes: a group's are one 8-byte load */
#define SKIP_SHIFT 5            /* look ever less often where nothing matches */
#define SKIP_MAX 64u
#define TAIL 32u /* a group, and 16 bytes compared from its last position */

/* A table entry is a position (20 bits, RS_DEFLATE_MAX_INPUT) below a tag (12
 * bits of the hash the index does not show).  The tag tells nearly all strangers
 * without a look at what lies there, which may be out of the cache.  And as
 * positions only grow, `new entry - old entry` is the distance if the tags
 * agree, and huge if not: one comparison tests both. */
#define TAG_MASK 0xfff00000u

/* Common prefix of a and b; straight-line up to 16 bytes, as most are. */
RS_INLINE uint32_t match_length(const uint8_t *a, const uint8_t *b, uint32_t left) {
    uint64_t x = rs_load64(a) ^ rs_load64(b);
    uint64_t y = rs_load64(a + 8) ^ rs_load64(b + 8);
    uint32_t skip = x ? 0 : 8;
    x = x ? x : y;
    if (RS_LIKELY(x)) return skip + rs_equal_bytes(x);
    return rs_extend(a, b, 16, left < RS_MAX_MATCH ? left : RS_MAX_MATCH);
}

/* Looks up and remembers the group at p.  Puts the candidates' distances
 * in `dist` and returns a bit set of those in reach, the first one's bit lowest:
 * counting trailing zeros is cheap everywhere, leading ones not (BSR on Zen). */
RS_INLINE uint32_t look_up(uint32_t *restrict table, const uint8_t *p, uint32_t pos,
                           uint32_t *restrict dist) {
    uint64_t bytes = rs_load64(p);
    uint32_t found = 0;
#pragma GCC unroll 4
    for (uint32_t i = 0; i < GROUP; i++) {
        uint64_t product = ((bytes >> (8 * i)) & HASH_MASK) * 0x9E3779B185EBCA87u;
        uint32_t *slot = &table[product >> (64 - RS_FAST_HASH_BITS)];
        uint32_t entry = ((uint32_t)product & TAG_MASK) + pos + i;
        dist[i] = entry - *slot;
        *slot = entry;
        found |= (uint32_t)(dist[i] <= RS_WINDOW) << i;
    }
    return found;
}

void rs_fast_reset(rs_tables *t) { memset(t->fast, 0, sizeof t->fast); }

RS_HOT void rs_fast_parse(rs_finder *f, uint32_t limit) {
    uint32_t *table = f->tables->fast;
    const uint8_t *in = f->in;
    uint32_t *restrict hist = f->hist;
    uint8_t *lit = f->lit;
    rs_seq *seq = f->seq;
    uint32_t n = f->n, pos = f->pos, anchor = pos;
    uint32_t stop = n < TAIL ? 0 : n - TAIL;
    if (limit < stop) stop = limit;
    /* No position may find itself: an empty entry reads as position 0, and a
     * group past the limit would be looked up again by the next parse. */
    if (pos == 0) pos = 1;
    while (pos + GROUP <= stop) {
        uint32_t dist[GROUP], len = 0;
        uint32_t found = look_up(table, in + pos, pos, dist);
        while (found) {
            uint32_t first = (uint32_t)__builtin_ctz(found);
            const uint8_t *p = in + pos + first;
            uint32_t d = dist[first];
            len = match_length(p, p - d, n - pos - first);
            if (RS_LIKELY(len >= 4)) {
                pos += first;
                rs_emit_match(seq++, &lit, hist, in + anchor, pos - anchor, len, d);
                break;
            }
            found &= found - 1; /* the tag was wrong */
        }
        if (found) {
            pos += len;
            anchor = pos;
        } else {
            uint32_t skip = (pos - anchor) >> SKIP_SHIFT;
            pos += GROUP + (skip < SKIP_MAX ? skip : SKIP_MAX);
        }
    }
    rs_finish_parse(f, seq, lit, anchor, limit);
}
