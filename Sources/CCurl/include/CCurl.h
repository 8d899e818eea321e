// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors
#pragma once

#include <curl/curl.h>

/*
 * The part of libcurl that is used here. Two reasons for functions of our own: Swift can't call what
 * takes a variable number of arguments; and libcurl brings thirty libraries along, which would double
 * the time in which every command starts, so it is loaded where it is needed.
 */

/* Loads libcurl: NULL, or why that failed. Everything below is to be called only after it succeeded. */
const char *ccurl_load(void);

CURL *ccurl_new(void);
void ccurl_reset(CURL *handle);
void ccurl_free(CURL *handle);
CURLcode ccurl_perform(CURL *handle);
const char *ccurl_reason(CURLcode code);

CURLcode ccurl_set_long(CURL *handle, CURLoption option, long value);
CURLcode ccurl_set_text(CURL *handle, CURLoption option, const char *value);
CURLcode ccurl_set_pointer(CURL *handle, CURLoption option, void *value);
CURLcode ccurl_set_list(CURL *handle, CURLoption option, struct curl_slist *value);
/* For CURLOPT_WRITEFUNCTION and CURLOPT_HEADERFUNCTION. */
CURLcode ccurl_set_receiver(CURL *handle, CURLoption option, curl_write_callback value);
/* Whatever a URL or redirect says, nothing else is spoken. */
CURLcode ccurl_only_http(CURL *handle);

long ccurl_long(CURL *handle, CURLINFO info);
double ccurl_double(CURL *handle, CURLINFO info);
/* NULL if there is none. */
const char *ccurl_text(CURL *handle, CURLINFO info);
/* The server's chain as it sent it; NULL if there is none. */
const struct curl_certinfo *ccurl_chain(CURL *handle);

struct curl_slist *ccurl_append(struct curl_slist *list, const char *text);
void ccurl_free_list(struct curl_slist *list);
/* Seconds since 1970, or -1. */
time_t ccurl_date(const char *text);
