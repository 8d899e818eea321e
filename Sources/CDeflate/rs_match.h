// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/* Match finders: from input bytes to sequences and symbol counts. */
#ifndef RS_MATCH_H
#define RS_MATCH_H

#include "rs_tokens.h"

/* Levels 2 and 3 keep the low 16 bits of positions. So the distance back is known modulo 64 Ki,
 * which is more than the window, and the bytes at that distance are compared. A stale or empty (0)
 * entry is therefore only a bad guess. */
#define RS_FAST_HASH_BITS 15
#define RS_PAIR_HASH_BITS 14
#define RS_CHAIN_HASH_BITS 15
#define RS_SHORT_HASH_BITS 12

typedef union {
    uint32_t fast[1 << RS_FAST_HASH_BITS]; /* hash plus position */
    uint32_t pair[1 << RS_PAIR_HASH_BITS]; /* two positions each */
    struct {
        uint16_t head[1 << RS_CHAIN_HASH_BITS];  /* by 4 bytes */
        uint16_t short_head[1 << RS_SHORT_HASH_BITS]; /* by 3 bytes */
        uint16_t next[RS_WINDOW];                /* by position */
    } chain;
} rs_tables;

/* The state of the finder for one chunk. */
typedef struct {
    rs_tables *tables;
    const uint8_t *in;
    uint32_t n;
    uint32_t pos;  /* all input before pos is already in sequences */
    rs_seq *seq;   /* next free sequence                 */
    uint8_t *lit;  /* where literals are gathered        */
    uint32_t *hist; /* counts of lengths and distances   */
} rs_finder;

/* Each parse function continues from pos to at least `limit` (the last match may end later), and
 * ends with a sequence that has no match. Before that sequence, it makes at most (limit-pos)/3+1
 * others. */
void rs_fast_reset(rs_tables *t);
void rs_fast_parse(rs_finder *f, uint32_t limit);
void rs_pair_reset(rs_tables *t);
void rs_pair_parse(rs_finder *f, uint32_t limit);
void rs_chain_reset(rs_tables *t);
void rs_chain_parse(rs_finder *f, uint32_t limit);

/* Length of the common prefix of two places, at most `max`; the first `have` bytes are known to be
 * equal. */
RS_INLINE uint32_t rs_extend(const uint8_t *a, const uint8_t *b, uint32_t have,
                             uint32_t max) {
    uint32_t len = have;
    while (len + 8 <= max) {
        uint64_t x = rs_load64(a + len) ^ rs_load64(b + len);
        if (x) return len + rs_equal_bytes(x);
        len += 8;
    }
    while (len < max && a[len] == b[len]) len++;
    return len;
}

RS_INLINE uint32_t rs_max_length(uint32_t n, uint32_t pos) {
    return n - pos < RS_MAX_MATCH ? n - pos : RS_MAX_MATCH;
}

/* Appends a match and the `literals` bytes before it, which begin at p. Literals are gathered in
 * one place and counted later in one loop, and at least 16 bytes are copied for any number of them.
 * This avoids two short loops with branches that are hard to predict. Needs 16 readable bytes at
 * p. */
RS_INLINE void rs_emit_match(rs_seq *q, uint8_t **lit, uint32_t *hist, const uint8_t *p,
                             uint32_t literals, uint32_t length, uint32_t distance) {
    q->literals = literals;
    q->length = (uint16_t)length;
    q->distance = (uint16_t)distance;
    memcpy(*lit, p, 16);
    if (RS_UNLIKELY(literals > 16)) memcpy(*lit + 16, p + 16, literals - 16);
    *lit += literals;
    hist[257 + rs_length_slot[length - RS_MIN_MATCH]]++;
    hist[RS_DIST_BASE + rs_dist_slot(distance - 1, rs_dist_extra(distance - 1))]++;
}

/* Ends a parse: the bytes after the last match, up to `limit`, become literals. */
RS_INLINE void rs_finish_parse(rs_finder *f, rs_seq *q, uint8_t *lit, uint32_t anchor,
                               uint32_t limit) {
    uint32_t literals = anchor < limit ? limit - anchor : 0;
    *q = (rs_seq){literals, 0, 0};
    if (literals) memcpy(lit, f->in + anchor, literals);
    f->pos = anchor + literals;
    f->seq = q + 1;
    f->lit = lit + literals;
}

#endif
