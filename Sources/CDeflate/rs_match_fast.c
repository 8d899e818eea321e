/* Level 1: greedy, one candidate per position, four positions at a time.
 *
 * Whether a position starts a match is a coin toss to a branch predictor, and
 * a wrong guess costs more than looking up a position.  So four positions are
 * looked up without branches and there is one branch: did any of them match? */
#include "rs_match.h"

#define HASH_BYTES 5 /* 4 positions of 5 bytes are one 8-byte load */
#ifndef SKIP_SHIFT
#define SKIP_SHIFT 7
#endif
#define SKIP_MAX 64u
#define TAIL 32u /* a group, and 16 bytes compared from its last position */

RS_INLINE uint32_t hash(uint64_t bytes) {
    return (uint32_t)(((bytes << (64 - 8 * HASH_BYTES)) * 0x9E3779B185EBCA87u) >>
                      (64 - RS_FAST_HASH_BITS));
}

/* Common prefix of a and b; straight-line up to 16 bytes, as most are. */
RS_INLINE uint32_t match_length(const uint8_t *a, const uint8_t *b, uint32_t max) {
    uint64_t x = rs_load64(a) ^ rs_load64(b);
    uint64_t y = rs_load64(a + 8) ^ rs_load64(b + 8);
    uint32_t skip = x ? 0 : 8;
    x = x ? x : y;
    if (RS_LIKELY(x)) return skip + rs_equal_bytes(x);
    return rs_extend(a, b, 16, max);
}

void rs_fast_reset(rs_tables *t) { memset(t->fast, 0, sizeof t->fast); }

void rs_fast_parse(rs_finder *f, uint32_t limit) {
    uint16_t *restrict table = f->tables->fast;
    const uint8_t *in = f->in;
    uint32_t *restrict hist = f->hist;
    rs_seq *restrict seq = f->seq;
    uint32_t n = f->n, pos = f->pos, anchor = pos;
    uint32_t stop = n < TAIL ? 0 : n - TAIL;
    if (limit < stop) stop = limit;
    while (pos < stop) {
        uint64_t bytes = rs_load64(in + pos);
        uint32_t dist[4], found = 0;
        for (uint32_t i = 0; i < 4; i++) {
            uint32_t h = hash(bytes >> (8 * i));
            uint32_t d = (uint16_t)(pos + i - table[h]);
            table[h] = (uint16_t)(pos + i);
            /* All zero if the bytes agree and 1 <= d <= 32768. */
            uint32_t bad = (rs_load32(in + pos + i - d) ^ (uint32_t)(bytes >> (8 * i))) | ((d - 1) >> 15);
            found |= (uint32_t)(bad == 0) << i;
            dist[i] = d;
        }
        if (!found) {
            uint32_t skip = (pos - anchor) >> SKIP_SHIFT;
            pos += 4 + (skip < SKIP_MAX ? skip : SKIP_MAX);
            continue;
        }
        uint32_t first = (uint32_t)__builtin_ctz(found), d = dist[first];
        pos += first;
        uint32_t len = match_length(in + pos, in + pos - d, rs_max_length(n, pos));
        rs_emit_match(seq++, hist, in + anchor, pos - anchor, len, d);
        pos += len;
        anchor = pos;
    }
    rs_finish_parse(f, seq, anchor, limit);
}
