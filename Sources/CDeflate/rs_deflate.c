// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/* The chunk: parse it in units, join like units into blocks, write those. */
#include "rs_deflate.h"

#include "rs_block.h"
#include "rs_match.h"
#include "rs_split.h"

/* Input is parsed a unit at a time; a block is one or more whole units. */
#define UNIT 16384u
#define BLOCK_MAX (16 * UNIT)
#define UNIT_SEQS (UNIT / RS_MIN_MATCH + 2) /* at most, see rs_match.h */
#define BLOCK_SEQS 32768u

typedef struct {
    rs_tables tables;
    rs_codes codes;
    rs_seq seqs[BLOCK_SEQS];
    uint32_t hist[2][RS_SYMBOLS];
    uint8_t literals[UNIT + 32]; /* of one unit; finders write in 16s */
} rs_state;

typedef struct {
    void (*reset)(rs_tables *);
    void (*parse)(rs_finder *, uint32_t limit);
} rs_level;

static const rs_level levels[] = {
    {rs_fast_reset, rs_fast_parse},
    {rs_pair_reset, rs_pair_parse},
    {rs_chain_reset, rs_chain_parse},
};

/* The block being gathered: sequences from seqs[0], input from `start`. */
typedef struct {
    uint32_t start, seq_count;
    uint32_t *hist;
    uint64_t cost;
} rs_pending;

size_t rs_deflate_state_size(void) { return sizeof(rs_state); }

size_t rs_deflate_bound(size_t n) {
    /* At worst every unit is its own block, stored or hardly smaller. */
    return n + 7 * (n / UNIT + 2) + RS_BITS_SLACK + 8;
}

/* Four tables, because counting a byte right after the same byte would wait for
 * the first count to be stored. */
static void count_literals(uint32_t *hist, const uint8_t *p, size_t n) {
    uint32_t part[4][256] = {{0}};
    size_t i = 0;
    for (; i + 4 <= n; i += 4)
        for (unsigned k = 0; k < 4; k++) part[k][p[i + k]]++;
    for (; i < n; i++) part[0][p[i]]++;
    for (unsigned s = 0; s < 256; s++)
        hist[s] += part[0][s] + part[1][s] + part[2][s] + part[3][s];
}

static int write_pending(rs_state *s, rs_bits *w, const uint8_t *end, const uint8_t *in,
                         const rs_pending *p, uint32_t stop, int final) {
    rs_block block = {.in = in + p->start, .n = stop - p->start, .seqs = s->seqs,
                      .seq_count = p->seq_count, .hist = p->hist, .final = final};
    return rs_block_write(&s->codes, w, end, &block);
}

static int joins(const rs_pending *p, const uint32_t *unit_hist, uint64_t unit_cost,
                 uint32_t unit_seqs, uint32_t stop, uint64_t *joint) {
    if (p->seq_count + unit_seqs + UNIT_SEQS > BLOCK_SEQS) return 0;
    if (stop - p->start > BLOCK_MAX) return 0;
    *joint = rs_split_joint_cost(p->hist, unit_hist);
    return *joint <= p->cost + unit_cost + RS_SPLIT_BLOCK_COST;
}

static int deflate_chunk(rs_state *s, const rs_level *level, const uint8_t *in,
                         uint32_t n, rs_bits *w, const uint8_t *end) {
    rs_pending p = {0, 0, s->hist[0], 0};
    uint32_t *unit_hist = s->hist[1];
    rs_finder f = {.tables = &s->tables, .in = in, .n = n};
    memset(s->hist, 0, sizeof s->hist);
    level->reset(&s->tables);
    while (f.pos < n) {
        uint32_t unit_start = f.pos;
        f.hist = unit_hist;
        f.lit = s->literals;
        f.seq = s->seqs + p.seq_count;
        level->parse(&f, n - f.pos < UNIT ? n : f.pos + UNIT);
        count_literals(unit_hist, s->literals, (size_t)(f.lit - s->literals));
        uint32_t unit_seqs = (uint32_t)(f.seq - s->seqs) - p.seq_count;
        uint64_t unit_cost = rs_split_cost(unit_hist), joint = unit_cost;
        if (p.seq_count == 0 || joins(&p, unit_hist, unit_cost, unit_seqs, f.pos, &joint)) {
            for (unsigned i = 0; i < RS_SYMBOLS; i++) p.hist[i] += unit_hist[i];
            p.seq_count += unit_seqs;
            p.cost = joint;
        } else {
            if (!write_pending(s, w, end, in, &p, unit_start, 0)) return 0;
            memmove(s->seqs, s->seqs + p.seq_count, unit_seqs * sizeof *s->seqs);
            uint32_t *freed = p.hist;
            p = (rs_pending){unit_start, unit_seqs, unit_hist, unit_cost};
            unit_hist = freed;
        }
        memset(unit_hist, 0, RS_SYMBOLS * sizeof *unit_hist);
    }
    return write_pending(s, w, end, in, &p, n, 1);
}

size_t rs_deflate(void *state, const uint8_t *in, size_t n, uint8_t *out,
                  size_t cap, int level) {
    if (level < RS_DEFLATE_MIN_LEVEL || level > RS_DEFLATE_MAX_LEVEL) return 0;
    if (n > RS_DEFLATE_MAX_INPUT) return 0;
    rs_bits w = {0, 0, out};
    if (!deflate_chunk(state, &levels[level - 1], in, (uint32_t)n, &w, out + cap)) return 0;
    rs_bits_align(&w);
    return (size_t)(w.out - out);
}
