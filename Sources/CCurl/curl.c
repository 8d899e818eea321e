// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

#include "CCurl.h"
#include <dlfcn.h>

#define LIBRARY "libcurl.so.4"

#define FUNCTIONS(F) \
    F(curl_global_init) F(curl_easy_init) F(curl_easy_reset) F(curl_easy_cleanup) \
    F(curl_easy_perform) F(curl_easy_strerror) F(curl_easy_setopt) F(curl_easy_getinfo) \
    F(curl_slist_append) F(curl_slist_free_all) F(curl_getdate)

#define DECLARE(name) __typeof__(&name) name##_;
static struct { FUNCTIONS(DECLARE) } curl;

#define FIND(name) \
    if (!(curl.name##_ = (__typeof__(&name))dlsym(library, #name))) return dlerror();

const char *ccurl_load(void) {
    static void *library;
    if (library) return NULL;
    library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
    if (!library) return dlerror();
    FUNCTIONS(FIND)
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
