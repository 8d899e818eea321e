// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

#include "CCurl.h"
#include <dlfcn.h>
#include <unistd.h>

/* The static program has its own libcurl, because a library of another C library can't be loaded
 * into it. */
#ifndef REGSTATIC_STATIC
#define LIBRARY "libcurl.so.4"
#endif

#define FUNCTIONS(F) \
    F(curl_global_init) F(curl_easy_init) F(curl_easy_reset) F(curl_easy_cleanup) \
    F(curl_easy_perform) F(curl_easy_strerror) F(curl_easy_setopt) F(curl_easy_getinfo) \
    F(curl_slist_append) F(curl_slist_free_all) F(curl_getdate)

#define DECLARE(name) __typeof__(&name) name##_;
static struct { FUNCTIONS(DECLARE) } curl;

#ifdef REGSTATIC_STATIC

#define TAKE(name) curl.name##_ = name;

static const char *find(void) {
    FUNCTIONS(TAKE)
    return NULL;
}

/* Where the systems have their CAs, in one file. */
const char *ccurl_authorities(void) {
    static const char *const files[] = {
        "/etc/ssl/certs/ca-certificates.crt",                /* Debian, Alpine, Arch */
        "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", /* Fedora, RHEL */
        "/etc/pki/tls/certs/ca-bundle.crt",                  /* older RHEL */
        "/etc/ssl/ca-bundle.pem",                            /* openSUSE */
        "/etc/ssl/cert.pem",                                 /* Alpine without its package */
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (access(files[i], R_OK) == 0) return files[i];
    return NULL;
}

#else

#define FIND(name) \
    if (!(curl.name##_ = (__typeof__(&name))dlsym(library, #name))) return dlerror();

static const char *find(void) {
    void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
    if (!library) return dlerror();
    FUNCTIONS(FIND)
    return NULL;
}

/* Debian's libcurl knows them. */
const char *ccurl_authorities(void) { return NULL; }

#endif

const char *ccurl_load(void) {
    static int is_loaded;
    if (is_loaded) return NULL;
    const char *reason = find();
    if (reason) return reason;
    is_loaded = 1;
    CURLcode code = curl.curl_global_init_(CURL_GLOBAL_DEFAULT);
    return code == CURLE_OK ? NULL : ccurl_reason(code);
}

CURL *ccurl_new(void) { return curl.curl_easy_init_(); }
void ccurl_reset(CURL *handle) { curl.curl_easy_reset_(handle); }
void ccurl_free(CURL *handle) { curl.curl_easy_cleanup_(handle); }
CURLcode ccurl_perform(CURL *handle) { return curl.curl_easy_perform_(handle); }
const char *ccurl_reason(CURLcode code) { return curl.curl_easy_strerror_(code); }

CURLcode ccurl_set_long(CURL *handle, CURLoption option, long value) {
    return curl.curl_easy_setopt_(handle, option, value);
}

CURLcode ccurl_set_text(CURL *handle, CURLoption option, const char *value) {
    return curl.curl_easy_setopt_(handle, option, value);
}

CURLcode ccurl_set_pointer(CURL *handle, CURLoption option, void *value) {
    return curl.curl_easy_setopt_(handle, option, value);
}

CURLcode ccurl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
    return curl.curl_easy_setopt_(handle, option, value);
}

CURLcode ccurl_set_receiver(CURL *handle, CURLoption option, curl_write_callback value) {
    return curl.curl_easy_setopt_(handle, option, value);
}

CURLcode ccurl_only_http(CURL *handle) {
#if LIBCURL_VERSION_NUM >= 0x075500
    return curl.curl_easy_setopt_(handle, CURLOPT_PROTOCOLS_STR, "http,https");
#else
    long protocols = CURLPROTO_HTTP | CURLPROTO_HTTPS;
    return curl.curl_easy_setopt_(handle, CURLOPT_PROTOCOLS, protocols);
#endif
}

long ccurl_long(CURL *handle, CURLINFO info) {
    long value = 0;
    return curl.curl_easy_getinfo_(handle, info, &value) == CURLE_OK ? value : 0;
}

double ccurl_double(CURL *handle, CURLINFO info) {
    double value = 0;
    return curl.curl_easy_getinfo_(handle, info, &value) == CURLE_OK ? value : 0;
}

const char *ccurl_text(CURL *handle, CURLINFO info) {
    char *value = NULL;
    return curl.curl_easy_getinfo_(handle, info, &value) == CURLE_OK ? value : NULL;
}

const struct curl_certinfo *ccurl_chain(CURL *handle) {
    struct curl_certinfo *value = NULL;
    CURLcode code = curl.curl_easy_getinfo_(handle, CURLINFO_CERTINFO, &value);
    return code == CURLE_OK ? value : NULL;
}

struct curl_slist *ccurl_append(struct curl_slist *list, const char *text) {
    return curl.curl_slist_append_(list, text);
}

void ccurl_free_list(struct curl_slist *list) { curl.curl_slist_free_all_(list); }

time_t ccurl_date(const char *text) { return curl.curl_getdate_(text, NULL); }
