// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/* The running state is libcrypto's deprecated public struct, because libcrypto's newer interface
 * hides the state. Our code has to continue where libcrypto stopped, and libcrypto has to continue
 * where our code stopped. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "rs_sha256.h"

#include <openssl/sha.h>
#include <stdlib.h>

#include "rs_sha256_blocks.h"

struct rs_sha256_pair {
    SHA256_CTX stream[2];
    int has_blocks; /* stored, because asking the processor is slow in a virtual machine */
};

/* The input that is still to be hashed. */
typedef struct {
    const uint8_t *bytes;
    size_t count;
} rs_input;

rs_sha256_pair *rs_sha256_pair_new(int side_by_side) {
    rs_sha256_pair *pair = malloc(sizeof *pair);
    if (!pair) return NULL;
    for (int i = 0; i < 2; i++) SHA256_Init(&pair->stream[i]);
    pair->has_blocks = side_by_side && rs_sha256_has_blocks();
    return pair;
}

void rs_sha256_pair_free(rs_sha256_pair *pair) { free(pair); }

static void take(SHA256_CTX *stream, rs_input *input, size_t count) {
    if (count > input->count) count = input->count;
    if (count == 0) return;
    SHA256_Update(stream, input->bytes, count);
    input->bytes += count;
    input->count -= count;
}

/* Counts blocks that were hashed elsewhere, because the state contains the length in bits. */
static void skip(SHA256_CTX *stream, rs_input *input, size_t blocks) {
    uint64_t bits = ((uint64_t)stream->Nh << 32 | stream->Nl) + (uint64_t)blocks * 512;
    stream->Nl = (SHA_LONG)bits;
    stream->Nh = (SHA_LONG)(bits >> 32);
    input->bytes += blocks * SHA256_CBLOCK;
    input->count -= blocks * SHA256_CBLOCK;
}

void rs_sha256_pair_update(rs_sha256_pair *pair, const void *a, size_t n, const void *b,
                           size_t m) {
    SHA256_CTX *x = &pair->stream[0], *y = &pair->stream[1];
    rs_input p = {a, n}, q = {b, m};
    if (pair->has_blocks) {
        /* Complete the blocks that have begun. */
        take(x, &p, (SHA256_CBLOCK - x->num) % SHA256_CBLOCK);
        take(y, &q, (SHA256_CBLOCK - y->num) % SHA256_CBLOCK);
        size_t blocks = (p.count < q.count ? p.count : q.count) / SHA256_CBLOCK;
        if (x->num == 0 && y->num == 0 && blocks > 0) {
            rs_sha256_two_blocks(x->h, p.bytes, y->h, q.bytes, blocks);
            skip(x, &p, blocks);
            skip(y, &q, blocks);
        }
    }
    take(x, &p, p.count);
    take(y, &q, q.count);
}

void rs_sha256_pair_finish(rs_sha256_pair *pair, uint8_t a[RS_SHA256_SIZE],
                           uint8_t b[RS_SHA256_SIZE]) {
    SHA256_Final(a, &pair->stream[0]);
    SHA256_Final(b, &pair->stream[1]);
}
