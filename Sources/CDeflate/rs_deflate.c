// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/* Compresses a chunk: parses it in units, joins similar units into blocks, and writes the blocks. */
#include "rs_deflate.h"

#include "rs_block.h"
#include "rs_match.h"
#include "rs_split.h"

/* Input is parsed a unit at a time; a block is one or more whole units. */
#define UNIT_MAX 32768u
#define BLOCK_MAX (8 * UNIT_MAX)
#define UNIT_SEQS (UNIT_MAX / RS_MIN_MATCH + 2) /* the most per unit; see rs_match.h */
#define BLOCK_SEQS 32768u

typedef struct {
    rs_tables tables;
    rs_codes codes;
    rs_seq seqs[BLOCK_SEQS];
    uint32_t hist[2][RS_SYMBOLS];
    uint8_t literals[UNIT_MAX + 32]; /* literals of one unit; finders write 16 bytes at a time */
} rs_state;

typedef struct {
    void (*reset)(rs_tables *);
    void (*parse)(rs_finder *, uint32_t limit);
    uint32_t unit; /* smaller units find better block ends but take more time */
} rs_level;

static const rs_level levels[] = {
    {rs_fast_reset, rs_fast_parse, UNIT_MAX},
    {rs_pair_reset, rs_pair_parse, UNIT_MAX / 2},
    {rs_chain_reset, rs_chain_parse, UNIT_MAX / 2},
};

/* The block being gathered. Its sequences begin at seqs[0], and its input begins at `start`. If it
 * is noise, its symbols are not counted. */
typedef struct {
    uint32_t start, seq_count;
    uint32_t *hist;
    uint64_t cost;
    int noise;
} rs_pending;

size_t rs_deflate_state_size(void) { return sizeof(rs_state); }

size_t rs_deflate_bound(size_t n) {
    /* In the worst case, each unit is a separate block, stored or hardly smaller. */
    return n + 7 * (n / (UNIT_MAX / 2) + 2) + RS_SYNC_ROOM + 8;
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

/* Whether a unit without matches looks like compressed or encrypted data, so that counting its
 * symbols is not worth the time. The function samples about 5,000 bytes, in steps of 3 or 7 so that
 * it notices structures of 2, 4 or 8 bytes. */
static int is_noise(const uint8_t *p, size_t n) {
    uint32_t hist[RS_SYMBOLS] = {0};
    uint64_t looked_at = 0;
    size_t step = n > UNIT_MAX / 2 ? 7 : 3;
    for (size_t i = 0; i < n; i += step, looked_at++) hist[p[i]]++;
    return rs_split_cost(hist) * RS_STORE_SHARE >= looked_at * (8 << 8) * (RS_STORE_SHARE - 1);
}

static int write_pending(rs_state *s, rs_bits *w, const uint8_t *end, const uint8_t *in,
                         const rs_pending *p, uint32_t stop) {
    rs_block block = {.in = in + p->start, .n = stop - p->start, .seqs = s->seqs,
                      .seq_count = p->seq_count, .hist = p->hist};
    return p->noise ? rs_block_store(w, end, &block)
                    : rs_block_write(&s->codes, w, end, &block);
}

/* Whether the unit should join the block that is being gathered; `joint` receives the size of the
 * joined block. */
static int joins(const rs_pending *p, const rs_pending *unit, uint32_t stop, uint64_t *joint) {
    if (p->seq_count == 0) return 1;
    if (p->seq_count + unit->seq_count + UNIT_SEQS > BLOCK_SEQS) return 0;
    if (stop - p->start > BLOCK_MAX) return 0;
    if (p->noise || unit->noise) return p->noise && unit->noise;
    *joint = rs_split_joint_cost(p->hist, unit->hist);
    return *joint <= p->cost + unit->cost + RS_SPLIT_BLOCK_COST;
}

/* Parses the next unit, and puts its sequences after the `seq_count` existing ones. */
static rs_pending parse_unit(rs_state *s, const rs_level *level, rs_finder *f,
                             uint32_t seq_count, uint32_t *hist) {
    rs_pending unit = {.start = f->pos, .hist = hist};
    memset(hist, 0, RS_SYMBOLS * sizeof *hist);
    f->hist = hist;
    f->lit = s->literals;
    f->seq = s->seqs + seq_count;
    level->parse(f, f->n - f->pos < level->unit ? f->n : f->pos + level->unit);
    unit.seq_count = (uint32_t)(f->seq - s->seqs) - seq_count;
    size_t literals = (size_t)(f->lit - s->literals);
    unit.noise = unit.seq_count == 1 && is_noise(s->literals, literals);
    if (unit.noise) return unit;
    count_literals(hist, s->literals, literals);
    unit.cost = rs_split_cost(hist);
    return unit;
}

static int deflate_chunk(rs_state *s, const rs_level *level, const uint8_t *in,
                         uint32_t n, rs_bits *w, const uint8_t *end) {
    rs_pending p = {.hist = s->hist[0]};
    uint32_t *spare = s->hist[1];
    rs_finder f = {.tables = &s->tables, .in = in, .n = n};
    memset(p.hist, 0, RS_SYMBOLS * sizeof *p.hist);
    level->reset(&s->tables);
    while (f.pos < n) {
        rs_pending unit = parse_unit(s, level, &f, p.seq_count, spare);
        uint64_t joint = unit.cost;
        if (joins(&p, &unit, f.pos, &joint)) {
            for (unsigned i = 0; i < RS_SYMBOLS; i++) p.hist[i] += unit.hist[i];
            p.seq_count += unit.seq_count;
            p.cost = joint;
            p.noise = unit.noise;
        } else {
            if (!write_pending(s, w, end, in, &p, unit.start)) return 0;
            memmove(s->seqs, s->seqs + p.seq_count, unit.seq_count * sizeof *s->seqs);
            spare = p.hist;
            p = unit;
        }
    }
    return n == 0 || write_pending(s, w, end, in, &p, n);
}

size_t rs_deflate(void *state, const uint8_t *in, size_t n, uint8_t *out,
                  size_t cap, int level) {
    if (level < RS_DEFLATE_MIN_LEVEL || level > RS_DEFLATE_MAX_LEVEL) return 0;
    if (n > RS_DEFLATE_MAX_INPUT) return 0;
    rs_bits w = {0, 0, out};
    if (!deflate_chunk(state, &levels[level - 1], in, (uint32_t)n, &w, out + cap)) return 0;
    if (!rs_block_sync(&w, out + cap)) return 0;
    return (size_t)(w.out - out);
}
