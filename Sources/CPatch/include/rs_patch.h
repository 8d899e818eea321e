// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/* Finds the parts of a file that an older file has, too, even if some bytes of a part differ.
 *
 * The results are a pure function of the bytes and lengths of both files: they do not depend on the
 * CPU, its byte order, the compiler, or the earlier content of the scratch memory.  The code uses
 * only integers, allocates nothing, and reads only the bytes that it was given. */
#ifndef RS_PATCH_H
#define RS_PATCH_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Bytes [target, target + length) of the new file resemble [base, base + length) of the old one. */
typedef struct {
    uint64_t target, base, length;
} rs_match;

/* The seeds of an old file: for 32 bytes, a place that has them.  Any number of threads may read
 * one after rs_seeds_build. */
typedef struct {
    uint32_t *slots;
    unsigned bits;  /* 1 << bits slots */
    uint64_t stride; /* bytes between two places */
} rs_seeds;

/* The largest number of slots: 64 MiB. */
#define RS_SEED_MAX_BITS 24

/* Sets `bits` and `stride` for an old file of n bytes; the caller then provides the slots. */
void rs_seeds_plan(rs_seeds *seeds, uint64_t n);

/* Fills all slots. */
void rs_seeds_build(rs_seeds *seeds, const uint8_t *base, uint64_t n);

/* The number of slots for rs_walk.near, as a power of two, for an old file of n bytes. */
unsigned rs_near_bits(uint64_t n);

/* A walk through a part of the new file.  The caller sets the first group. */
typedef struct {
    const uint8_t *target;
    uint64_t target_size;
    const uint8_t *base;
    uint64_t base_size;
    const rs_seeds *seeds;
    uint32_t *near;     /* for one walk at a time */
    unsigned near_bits; /* rs_near_bits(base_size) */
    int64_t shift;  /* where to look first: place in the old file minus place in the new file */

    uint64_t position;          /* the next byte to look at */
    uint64_t misses;            /* places without a match since the last one */
    uint64_t start;             /* of the match that still grows */
    int64_t recent[4];          /* shifts of earlier matches */
    uint64_t near_low, near_high; /* what of the old file is in `near` */
} rs_walk;

/* Prepares a walk. */
void rs_walk_begin(rs_walk *walk);

/* Writes at most `capacity` matches, in order and without overlap; 0 means that there are no more. */
size_t rs_walk_next(rs_walk *walk, rs_match *matches, size_t capacity);

/* The number of equal bytes at the start of a and b, at most n. */
uint64_t rs_equal(const uint8_t *a, const uint8_t *b, uint64_t n);

/* The place of the first run of at least `run` equal bytes; n if there is none. */
uint64_t rs_find_equal(const uint8_t *a, const uint8_t *b, uint64_t n, uint64_t run);

/* out[i] = a[i] - b[i] */
void rs_subtract(uint8_t *out, const uint8_t *a, const uint8_t *b, uint64_t n);

/* to[i] += from[i] */
void rs_add(uint8_t *to, const uint8_t *from, uint64_t n);

/* A hash of n bytes, for tables: not one that withstands an attack. */
uint64_t rs_hash(const uint8_t *p, uint64_t n);

#ifdef __cplusplus
}
#endif
#endif
