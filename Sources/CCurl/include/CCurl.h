// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors
#pragma once

#include <curl/curl.h>

/* The part of libcurl that regstatic uses. There are two reasons for these wrapper functions.
 * First, Swift can't call functions with a variable number of arguments. Second, libcurl depends
 * on thirty libraries, which would double the start time of every command, so libcurl is loaded
 * only when it is needed. */

/* Loads libcurl; returns NULL, or the reason if loading failed. Call the functions below only
 * after this one has succeeded. */
const char *ccurl_load(void);

/* The file of the system's CAs, if libcurl has to be told; NULL if it knows them, or if the system has
 * none. */
const char *ccurl_authorities(void);

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
/* Allows only HTTP and HTTPS, regardless of the scheme in a URL or redirect. */
CURLcode ccurl_only_http(CURL *handle);

long ccurl_long(CURL *handle, CURLINFO info);
double ccurl_double(CURL *handle, CURLINFO info);
/* Returns NULL if the transfer has no such text. */
const char *ccurl_text(CURL *handle, CURLINFO info);
/* Returns the certificate chain that the server sent; NULL if it sent none. */
const struct curl_certinfo *ccurl_chain(CURL *handle);

struct curl_slist *ccurl_append(struct curl_slist *list, const char *text);
void ccurl_free_list(struct curl_slist *list);
/* Parses a date into seconds since 1970; returns -1 if that fails. */
time_t ccurl_date(const char *text);
