// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/* Level 1: greedy, five positions at a time.  A branch predictor can't foresee whether a position
 * starts a match, and a wrong guess costs more than looking up a position. So five positions are
 * looked up without branches, and then a single branch tests whether any of them has a candidate.
 * Of these, the first one is taken, or the last one if it is a longer match. That makes fewer and
 * longer matches, and matches are what costs decoders most. Five bytes are hashed, because shorter
 * matches save little and cost as much time. If a match could have begun earlier, it is extended
 * backwards. */
#include "rs_deflate.h"
#include "rs_match.h"

#define GROUP 5
#define HASH_MASK 0xffffffffffu /* 5 bytes; one 8-byte load serves four positions */
#define GOOD 32u                /* a match this long is taken at once */
#define SKIP_SHIFT 6            /* skip more positions the longer no match is found */
#define SKIP_MAX 64u
#define TAIL 32u /* a group, and 16 bytes compared from its last position */
#define HEAD 8u  /* bytes before the first position, which match_back reads */

/* Length of the common prefix of a and b; for up to 16 bytes, needs no loop, because most
 * matches are so short. */
RS_INLINE uint32_t match_length(const uint8_t *a, const uint8_t *b, uint32_t left) {
    uint64_t x = rs_load64(a) ^ rs_load64(b);
    uint64_t y = rs_load64(a + 8) ^ rs_load64(b + 8);
    uint32_t skip = x ? 0 : 8;
    x = x ? x : y;
    if (RS_LIKELY(x)) return skip + rs_equal_bytes(x);
    return rs_extend(a, b, 16, left < RS_MAX_MATCH ? left : RS_MAX_MATCH);
}

/* The number of equal bytes just before a and b, at most 7 and at most `most`. */
RS_INLINE uint32_t match_back(const uint8_t *a, const uint8_t *b, uint32_t most) {
    uint64_t x = rs_load64(a - HEAD) ^ rs_load64(b - HEAD);
    uint32_t same = (uint32_t)__builtin_clzll(x | 1) >> 3;
    return same < most ? same : most;
}

/* Looks up the group at pos, and adds it to the table.  Sets the distance of each position to its
 * candidate, and returns a bit for each distance within the window.  An entry is the hash's low half
 * plus the position. So `new entry - old entry` is the distance if the bytes agree, and nearly always
 * larger than the window if they differ. So one comparison rejects most wrong candidates without
 * reading their bytes, which may not be in the cache. The caller must still compare the bytes, because
 * the low half depends on only four of the five bytes, and for zeros it is 0 like an empty entry. */
RS_INLINE uint32_t look_up(uint32_t *restrict table, const uint8_t *p, uint32_t pos,
                           uint32_t *restrict distances) {
    const uint64_t half[2] = {rs_load64(p), rs_load64(p + 4)};
    uint32_t found = 0;
#pragma GCC unroll 5
    for (uint32_t i = 0; i < GROUP; i++) {
        uint64_t bytes = (half[i / 4] >> (8 * (i % 4))) & HASH_MASK;
        uint64_t product = bytes * 0x9E3779B185EBCA87u;
        uint32_t *slot = &table[product >> (64 - RS_FAST_HASH_BITS)];
        uint32_t entry = (uint32_t)product + pos + i, distance = entry - *slot;
        *slot = entry;
        distances[i] = distance;
        found |= (uint32_t)(distance <= RS_WINDOW) << i;
    }
    return found;
}

/* The length of a match; 0 if the candidate is wrong, so that its distance is 0 or reaches before
 * the input's first byte. */
RS_INLINE uint32_t compare(const uint8_t *in, uint32_t n, uint32_t pos, uint32_t distance) {
    if (RS_UNLIKELY(distance - 1 >= pos - HEAD)) return 0;
    return match_length(in + pos, in + pos - distance, n - pos);
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
    if (pos == 0) pos = HEAD;
    /* A position must not find itself. So a group must not pass the limit, because the next parse
     * would look up its positions again. For the same reason, a match must not be shorter than a
     * group. */
    while (pos + GROUP <= stop) {
        uint32_t distances[GROUP], found = look_up(table, in + pos, pos, distances);
        if (found) {
            uint32_t first = pos + (uint32_t)__builtin_ctz(found);
            uint32_t last = pos + rs_high_bit(found);
            uint32_t d = distances[first - pos], other = distances[last - pos];
            uint32_t len = compare(in, n, first, d);
            if (other != d && len < GOOD) {
                uint32_t later = compare(in, n, last, other);
                if (RS_UNPREDICTABLE(later > len)) {
                    len = later;
                    first = last;
                    d = other;
                }
            }
            if (RS_LIKELY(len >= GROUP)) {
                const uint8_t *p = in + first;
                uint32_t literals = first - anchor, room = RS_MAX_MATCH - len;
                uint32_t back = match_back(p, p - d, literals < room ? literals : room);
                rs_emit_match(seq++, &lit, hist, in + anchor, literals - back, len + back, d);
                pos = anchor = first + len;
                continue;
            }
        }
        uint32_t skip = (pos - anchor) >> SKIP_SHIFT;
        pos += GROUP + (skip < SKIP_MAX ? skip : SKIP_MAX);
    }
    rs_finish_parse(f, seq, lit, anchor, limit);
}
