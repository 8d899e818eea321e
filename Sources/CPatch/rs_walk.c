// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/* The walk follows one shift (place in the old file minus place in the new file) as long as no other
 * shift is clearly better, also through bytes that differ: so a program whose addresses changed stays
 * one match.  Where bytes differ, it looks for other shifts: those of the last matches, those of 8
 * equal bytes near the place where it is, and those of 32 equal bytes anywhere.  The idea is that of
 * bsdiff (Colin Percival, "Naive differences of executable code"), with hash tables in the place of
 * its suffix array. */
#include "rs_bytes.h"
#include "rs_patch.h"

#define SEED 32u     /* bytes that are equal anywhere */
#define AHEAD 64u    /* bytes that decide between two shifts */
#define SKIP 16u     /* so many equal bytes need no other shift */
#define NEAR_GAIN 10 /* equal bytes more than with the present shift that pay for a match */
#define FAR_GAIN 14  /* the same for a place farther away, whose offset is longer */
#define NEAR_SPAN ((uint64_t)1 << 11) /* bytes of the old file before and after a place */
#define NEAR_STEP 1024u
#define BACK_DROP 64 /* stop to extend backwards when the score is that much below the best one */
#define MISS_SHIFT 9 /* look at fewer places the longer no match is found */
#define MISS_STEP 8u
#define TAG 255u

/* MARK: Seeds */

void rs_seeds_plan(rs_seeds *s, uint64_t n) {
    s->stride = n <= 1 << 16 ? 1 : n <= 1 << 22 ? 2 : 4;
    while (n / s->stride > (uint64_t)1 << (RS_SEED_MAX_BITS - 1)) s->stride *= 2;
    s->bits = 8;
    while (s->bits < RS_SEED_MAX_BITS && n / s->stride > (uint64_t)1 << (s->bits - 1)) s->bits++;
}

/* A slot is 0, or the number of a place plus 1, and 8 bits of the hash. */
void rs_seeds_build(rs_seeds *s, const uint8_t *base, uint64_t n) {
    memset(s->slots, 0, sizeof *s->slots << s->bits);
    if (n < SEED) return;
    uint64_t places = (n - SEED) / s->stride + 1;
    const uint64_t most = ((uint64_t)1 << 24) - 1;
    if (places > most) places = most;
    for (uint64_t i = 0; i < places; i++) {
        uint64_t h = hash32(base + i * s->stride);
        uint32_t *slot = &s->slots[h >> (64 - s->bits)];
        if (*slot == 0) *slot = (uint32_t)(i + 1) << 8 | ((uint32_t)h & TAG);
    }
}

/* MARK: Candidates */

/* Whether `shift` leads from a place in the new file to `length` bytes of the old file. */
RS_INLINE int reaches(const rs_walk *w, uint64_t place, int64_t shift, uint64_t length) {
    uint64_t other = place + (uint64_t)shift;
    return other <= w->base_size && w->base_size - other >= length;
}

/* The number of equal bytes among the next ones, or where the old file ends. */
RS_INLINE int ahead(const rs_walk *w, uint64_t place, int64_t shift) {
    if (place + (uint64_t)shift >= w->base_size) return 0;
    uint64_t n = w->target_size - place, rest = w->base_size - (place + (uint64_t)shift);
    if (rest < n) n = rest;
    const uint8_t *a = w->target + place, *b = w->base + (place + (uint64_t)shift);
    unsigned sum = 0;
    if (n >= AHEAD) {
#pragma GCC unroll 8
        for (unsigned i = 0; i < AHEAD; i += 8) sum += equal_in_word(load64(a + i) ^ load64(b + i));
    } else {
        for (unsigned i = 0; i < n; i++) sum += a[i] == b[i];
    }
    return (int)sum;
}

static void near_insert(rs_walk *w, uint64_t from, uint64_t to) {
    uint64_t last = w->base_size < 8 ? 0 : w->base_size - 7;
    if (to > last) to = last;
    for (uint64_t i = from; i < to; i++) {
        w->near[load64(w->base + i) * P1 >> (64 - w->near_bits)] = (uint32_t)i;
    }
}

/* Brings the old file's bytes around a place into the near table. */
static void near_move(rs_walk *w, uint64_t centre) {
    uint64_t low = centre < NEAR_SPAN ? 0 : centre - NEAR_SPAN;
    uint64_t high = centre + NEAR_SPAN;
    if (high > w->base_size) high = w->base_size;
    if (low >= w->near_low && high <= w->near_high) return;
    high = high + NEAR_STEP < w->base_size ? high + NEAR_STEP : w->base_size;
    if (low >= w->near_low && low <= w->near_high) {
        near_insert(w, w->near_high, high);
    } else {
        near_insert(w, low, high);
        w->near_low = low;
    }
    w->near_high = high;
}

/* The shift of a candidate, if its bytes are the ones that are looked for. */
RS_INLINE int near_find(rs_walk *w, uint64_t place, int64_t *shift) {
    uint64_t word = load64(w->target + place);
    uint32_t entry = w->near[word * P1 >> (64 - w->near_bits)];
    uint64_t other = w->near_low + (uint32_t)(entry - (uint32_t)w->near_low);
    if (other >= w->near_high || w->base_size - other < 8) return 0;
    if (load64(w->base + other) != word) return 0;
    *shift = (int64_t)(other - place);
    return 1;
}

RS_INLINE int far_find(const rs_walk *w, uint64_t place, int64_t *shift) {
    const rs_seeds *s = w->seeds;
    uint64_t h = hash32(w->target + place);
    uint32_t slot = s->slots[h >> (64 - s->bits)];
    if (slot == 0 || ((slot ^ (uint32_t)h) & TAG) != 0) return 0;
    uint64_t other = (uint64_t)((slot >> 8) - 1) * s->stride;
    if (memcmp(w->base + other, w->target + place, SEED) != 0) return 0;
    *shift = (int64_t)(other - place);
    return 1;
}

typedef struct {
    int64_t shift;
    int score; /* equal bytes ahead; needs to exceed that of the present shift */
    int found;
} choice;

RS_INLINE void consider(const rs_walk *w, choice *best, int64_t shift, int cost) {
    int score = ahead(w, w->position, shift) - cost;
    if (score <= best->score) return;
    best->score = score;
    best->shift = shift;
    best->found = 1;
}

/* Looks for a shift that is clearly better than the present one. */
RS_INLINE int find(rs_walk *w, int64_t *shift) {
    uint64_t place = w->position, left = w->target_size - place;
    if (left < 8) return 0;
    int64_t candidate;
    choice best = {w->shift, ahead(w, place, w->shift), 0};
    for (int i = 0; i < 4; i++) {
        candidate = w->recent[i];
        if (candidate == w->shift || !reaches(w, place, candidate, 8)) continue;
        if (load64(w->target + place) == load64(w->base + (place + (uint64_t)candidate)))
            consider(w, &best, candidate, NEAR_GAIN);
    }
    if (near_find(w, place, &candidate) && candidate != w->shift)
        consider(w, &best, candidate, NEAR_GAIN);
    if (left >= SEED && far_find(w, place, &candidate) && candidate != w->shift)
        consider(w, &best, candidate, FAR_GAIN);
    *shift = best.shift;
    return best.found;
}

/* MARK: Matches */

/* The length with the best score, where an equal byte counts 1 and another one -1. */
static uint64_t extend(const rs_walk *w, uint64_t from, int64_t shift, uint64_t to) {
    uint64_t other = from + (uint64_t)shift, n = to - from, best = 0;
    if (other >= w->base_size) return 0;
    if (w->base_size - other < n) n = w->base_size - other;
    const uint8_t *a = w->target + from, *b = w->base + other;
    int64_t score = 0, most = 0;
    for (uint64_t i = 0; i < n;) {
        uint64_t run = rs_equal(a + i, b + i, n - i);
        score += (int64_t)run;
        i += run;
        if (score > most) {
            most = score;
            best = i;
        }
        for (; i < n && a[i] != b[i]; i++) score--;
    }
    return best;
}

/* The same backwards, from a place down to `to`. */
static uint64_t extend_back(const rs_walk *w, uint64_t from, int64_t shift, uint64_t to) {
    uint64_t other = from + (uint64_t)shift, n = from - to, best = 0;
    if (other < n) n = other;
    const uint8_t *a = w->target + from, *b = w->base + other;
    int64_t score = 0, most = 0;
    for (uint64_t i = 1; i <= n && score > most - BACK_DROP; i++) {
        score += a[-(ptrdiff_t)i] == b[-(ptrdiff_t)i] ? 1 : -1;
        if (score > most) {
            most = score;
            best = i;
        }
    }
    return best;
}

/* Where one match should end and the next one begin, in bytes that both could have. */
static uint64_t split(const rs_walk *w, uint64_t from, uint64_t n, int64_t one, int64_t next) {
    int64_t score = 0, most = 0;
    uint64_t best = 0;
    for (uint64_t i = 0; i < n; i++) {
        uint8_t byte = w->target[from + i];
        score += w->base[from + i + (uint64_t)one] == byte;
        score -= w->base[from + i + (uint64_t)next] == byte;
        if (score > most) {
            most = score;
            best = i + 1;
        }
    }
    return best;
}

/* Ends the match of the present shift, and begins one with another shift, or none at the end. */
static rs_match turn(rs_walk *w, int64_t shift) {
    uint64_t end = w->position;
    uint64_t length = extend(w, w->start, w->shift, end), back = 0;
    if (end < w->target_size) back = extend_back(w, end, shift, w->start);
    uint64_t gap = end - w->start;
    if (length + back > gap) {
        uint64_t overlap = length + back - gap;
        uint64_t first = split(w, end - back, overlap, w->shift, shift);
        length = gap - back + first;
        back -= first;
    }
    rs_match match = {w->start, w->start + (uint64_t)w->shift, length};
    w->start = end - back;
    for (int i = 3; i > 0; i--) w->recent[i] = w->recent[i - 1];
    w->recent[0] = w->shift;
    w->shift = shift;
    return match;
}

unsigned rs_near_bits(uint64_t n) {
    unsigned bits = 8;
    while (bits < 16 && n >> bits > 0) bits++;
    return bits;
}

void rs_walk_begin(rs_walk *w) {
    w->position = w->start = w->misses = 0;
    w->near_low = w->near_high = 0;
    for (int i = 0; i < 4; i++) w->recent[i] = w->shift;
    memset(w->near, 0, sizeof *w->near << w->near_bits);
}

size_t rs_walk_next(rs_walk *w, rs_match *matches, size_t capacity) {
    size_t count = 0;
    while (count < capacity && w->position < w->target_size) {
        uint64_t place = w->position, other = place + (uint64_t)w->shift;
        uint64_t n = w->target_size - place, run = 0;
        if (other < w->base_size) {
            uint64_t rest = w->base_size - other;
            run = rs_equal(w->target + place, w->base + other, rest < n ? rest : n);
        }
        if (run >= SKIP || run == n) {
            w->position += run;
            w->misses = 0;
            continue;
        }
        if (other < w->base_size) near_move(w, other);
        int64_t shift;
        if (find(w, &shift)) {
            rs_match match = turn(w, shift);
            if (match.length > 0) matches[count++] = match;
            w->misses = 0;
        }
        uint64_t step = 1 + (w->misses++ >> MISS_SHIFT);
        if (step > MISS_STEP) step = MISS_STEP;
        w->position += step < n ? step : n;
    }
    if (count < capacity && w->start < w->target_size && w->position == w->target_size) {
        rs_match match = turn(w, w->shift);
        w->start = w->target_size;
        if (match.length > 0) matches[count++] = match;
    }
    return count;
}
