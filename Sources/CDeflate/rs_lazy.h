// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/* Lazy parsing, shared by the levels that look at more than one candidate.
 *
 * A match is delayed by one byte as long as the next position has a better match.
 * The level passes its finder as functions, and inlining makes a separate loop for each level. */
#ifndef RS_LAZY_H
#define RS_LAZY_H

#include "rs_match.h"

/* No finder looks up the last bytes, because a finder may read 16 bytes from a position. */
#define RS_LAZY_TAIL 32u

typedef struct {
    uint32_t length; /* 0: no match */
    uint32_t distance;
} rs_match;

/* Looks for a match at pos that is longer than `have`, and adds pos to the tables. */
typedef rs_match rs_find(rs_tables *t, const uint8_t *in, uint32_t pos, uint32_t max,
                         uint32_t have);
/* Adds pos to the tables without looking for a match. */
typedef void rs_insert(rs_tables *t, const uint8_t *in, uint32_t pos);

typedef struct {
    uint32_t good;       /* a match this long is taken at once                    */
    uint32_t skip_shift; /* skip one more position after each 2^shift literals */
} rs_lazy_tuning;

/* A rough score for the savings of a match: four times its length, minus the bits of its
 * distance. */
RS_INLINE int32_t rs_gain(rs_match m) {
    return (int32_t)(4 * m.length) - (int32_t)rs_high_bit(m.distance);
}

RS_INLINE void rs_lazy_parse(rs_finder *f, uint32_t limit, rs_find *find, rs_insert *insert,
                             rs_lazy_tuning tuning) {
    rs_tables *t = f->tables;
    const uint8_t *in = f->in;
    uint8_t *lit = f->lit;
    rs_seq *seq = f->seq;
    uint32_t n = f->n, pos = f->pos, anchor = pos;
    uint32_t tail = n < RS_LAZY_TAIL ? 0 : n - RS_LAZY_TAIL; /* no match starts after this */
    uint32_t stop = limit < tail ? limit : tail;
    while (pos < stop) {
        rs_match m = find(t, in, pos, rs_max_length(n, pos), RS_MIN_MATCH - 1);
        if (m.length == 0) {
            uint32_t skip = (pos - anchor) >> tuning.skip_shift;
            pos += 1 + (skip < 32 ? skip : 32);
            continue;
        }
        uint32_t known = pos + 1; /* first position not in the tables yet */
        while (m.length < tuning.good && pos + 1 < stop) {
            rs_match later = find(t, in, pos + 1, rs_max_length(n, pos + 1), m.length - 1);
            known = pos + 2;
            if (later.length == 0 || rs_gain(later) <= rs_gain(m) + 3) break;
            m = later;
            pos++;
        }
        rs_emit_match(seq++, &lit, f->hist, in + anchor, pos - anchor, m.length, m.distance);
        pos += m.length;
        anchor = pos;
        for (uint32_t end = pos < tail ? pos : tail; known < end; known++) insert(t, in, known);
    }
    rs_finish_parse(f, seq, lit, anchor, limit);
}

#endif
