/* SPDX-License-Identifier: Apache-2.0
 * Copyright the regstatic authors
 *
 * What one core makes of files in chunks of 1 MiB: our compressor beside others, whose chunks are
 * gzip members.
 * Prints MB/s, and the size beside that of libdeflate's level 1. Built by compressors.sh. */
#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>
#include <libdeflate.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zlib.h>

#include "rs_deflate.h"

#define CHUNK ((size_t)1 << 20)
#define ROUNDS 3

typedef struct {
    const char *name;
    int level;
    /* Compresses a chunk at a level; 0 says that it failed. */
    size_t (*run)(const uint8_t *in, size_t n, uint8_t *out, size_t room, int level);
} contender;

static size_t ours(const uint8_t *in, size_t n, uint8_t *out, size_t room, int level) {
    static void *state;
    if (!state) state = malloc(rs_deflate_state_size());
    size_t size = rs_deflate(state, in, n, out, room - 4, level);
    uint32_t sum = crc32_gzip_refl(0, in, n);
    memcpy(out + size, &sum, sizeof sum); /* only so that the checksum is not left out */
    return size;
}

static size_t isal(const uint8_t *in, size_t n, uint8_t *out, size_t room, int level) {
    static uint8_t *buffer;
    static const uint32_t sizes[] = {ISAL_DEF_LVL0_DEFAULT, ISAL_DEF_LVL1_DEFAULT,
                                     ISAL_DEF_LVL2_DEFAULT, ISAL_DEF_LVL3_DEFAULT};
    if (!buffer) buffer = malloc(ISAL_DEF_LVL3_DEFAULT);
    struct isal_zstream s;
    isal_deflate_stateless_init(&s);
    s.gzip_flag = IGZIP_GZIP;
    s.level = (uint32_t)level;
    s.level_buf = buffer;
    s.level_buf_size = sizes[level];
    s.end_of_stream = 1;
    s.next_in = (uint8_t *)in;
    s.avail_in = (uint32_t)n;
    s.next_out = out;
    s.avail_out = (uint32_t)room;
    return isal_deflate_stateless(&s) == COMP_OK ? s.total_out : 0;
}

static size_t libdeflate(const uint8_t *in, size_t n, uint8_t *out, size_t room, int level) {
    static struct libdeflate_compressor *compressors[13];
    if (!compressors[level]) compressors[level] = libdeflate_alloc_compressor(level);
    return libdeflate_gzip_compress(compressors[level], in, n, out, room);
}

static size_t zlib(const uint8_t *in, size_t n, uint8_t *out, size_t room, int level) {
    z_stream s = {0};
    deflateInit2(&s, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    s.next_in = (uint8_t *)in;
    s.avail_in = (uInt)n;
    s.next_out = out;
    s.avail_out = (uInt)room;
    int status = deflate(&s, Z_FINISH);
    deflateEnd(&s);
    return status == Z_STREAM_END ? s.total_out : 0;
}

/* The first must be the measure of size. */
static const contender contenders[] = {
    {"libdeflate", 1, libdeflate}, {"libdeflate", 6, libdeflate}, {"ours", 1, ours},
    {"ours", 2, ours},             {"ours", 3, ours},             {"ISA-L", 2, isal},
    {"zlib", 1, zlib},             {"zlib", 6, zlib},
};

static double seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static uint8_t *read_all(int count, char **paths, size_t *size) {
    uint8_t *bytes = NULL;
    *size = 0;
    for (int i = 0; i < count; i++) {
        FILE *file = fopen(paths[i], "rb");
        if (!file || fseek(file, 0, SEEK_END)) return NULL;
        size_t n = (size_t)ftell(file);
        rewind(file);
        bytes = realloc(bytes, *size + n);
        if (!bytes || fread(bytes + *size, 1, n, file) != n) return NULL;
        *size += n;
        fclose(file);
    }
    return bytes;
}

int main(int count, char **words) {
    size_t size, base = 0, room = CHUNK + CHUNK / 8 + 4096;
    uint8_t *in = read_all(count - 1, words + 1, &size), *out = malloc(room);
    if (!in || !out || size == 0) {
        fprintf(stderr, "compressors: can't read the files\n");
        return 1;
    }
    printf("%zu MB, one core, chunks of 1 MiB; the best of %d\n\n", size / 1000000, ROUNDS);
    printf("%-12s %5s %8s %6s\n", "", "level", "MB/s", "size");
    for (size_t c = 0; c < sizeof contenders / sizeof *contenders; c++) {
        const contender *who = &contenders[c];
        double best = 1e9;
        size_t total = 0;
        for (int round = 0; round < ROUNDS; round++) {
            double start = seconds();
            total = 0;
            for (size_t at = 0; at < size; at += CHUNK) {
                size_t n = size - at < CHUNK ? size - at : CHUNK;
                size_t made = who->run(in + at, n, out, room, who->level);
                if (!made) return fprintf(stderr, "compressors: %s failed\n", who->name), 1;
                total += made;
            }
            double took = seconds() - start;
            if (took < best) best = took;
        }
        if (c == 0) base = total;
        printf("%-12s %5d %8.0f %6.1f\n", who->name, who->level, (double)size / best / 1e6,
               100.0 * (double)total / (double)base);
        fflush(stdout);
    }
    return 0;
}
