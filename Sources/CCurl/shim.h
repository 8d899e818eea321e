// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

#pragma once
#include <curl/curl.h>

/* Swift can't call what takes a variable number of arguments: one function for each type of them. */

static inline CURLcode ccurl_set_long(CURL *handle, CURLoption option, long value) {
    return (curl_easy_setopt)(handle, option, value);
}

static inline CURLcode ccurl_set_text(CURL *handle, CURLoption option, const char *value) {
    return (curl_easy_setopt)(handle, option, value);
}

static inline CURLcode ccurl_set_pointer(CURL *handle, CURLoption option, void *value) {
    return (curl_easy_setopt)(handle, option, value);
}

static inline CURLcode ccurl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
    return (curl_easy_setopt)(handle, option, value);
}

/* For CURLOPT_WRITEFUNCTION and CURLOPT_HEADERFUNCTION. */
static inline CURLcode ccurl_set_receiver(
    CURL *handle, CURLoption option, curl_write_callback value
) {
    return (curl_easy_setopt)(handle, option, value);
}

static inline long ccurl_long(CURL *handle, CURLINFO info) {
    long value = 0;
    return (curl_easy_getinfo)(handle, info, &value) == CURLE_OK ? value : 0;
}

static inline double ccurl_double(CURL *handle, CURLINFO info) {
    double value = 0;
    return (curl_easy_getinfo)(handle, info, &value) == CURLE_OK ? value : 0;
}

/* NULL if there is none. */
static inline const char *ccurl_text(CURL *handle, CURLINFO info) {
    char *value = NULL;
    return (curl_easy_getinfo)(handle, info, &value) == CURLE_OK ? value : NULL;
}

/* The server's chain as it sent it; NULL if there is none. */
static inline const struct curl_certinfo *ccurl_chain(CURL *handle) {
    struct curl_certinfo *value = NULL;
    return (curl_easy_getinfo)(handle, CURLINFO_CERTINFO, &value) == CURLE_OK ? value : NULL;
}

/* Whatever a URL or redirect says, nothing else is spoken. */
static inline CURLcode ccurl_only_http(CURL *handle) {
#if LIBCURL_VERSION_NUM >= 0x075500
    return (curl_easy_setopt)(handle, CURLOPT_PROTOCOLS_STR, "http,https");
#else
    return (curl_easy_setopt)(handle, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
}
