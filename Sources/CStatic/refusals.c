// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/* Functions of the C library that load code of the machine into the process: plug-ins, modules for
 * names of hosts and users, and converters of character sets. Such code was built for the machine's
 * C library, and in a program with another C library in it, it crashes. So the static program has
 * these functions instead, which refuse. regstatic doesn't need them: libcrypto refers to them for
 * plug-ins and for connections that regstatic doesn't make, libarchive for names that aren't UTF-8,
 * c-ares for names of services, and FoundationEssentials for users. c-ares looks up hosts. */

#ifdef REGSTATIC_STATIC

#include <dlfcn.h>
#include <errno.h>
#include <grp.h>
#include <iconv.h>
#include <netdb.h>
#include <pwd.h>
#include <stddef.h>

void *dlopen(const char *file, int mode) {
    (void)file, (void)mode;
    return NULL;
}

void *dlsym(void *restrict handle, const char *restrict name) {
    (void)handle, (void)name;
    return NULL;
}

int dlclose(void *handle) {
    (void)handle;
    return -1;
}

char *dlerror(void) { return "the static program loads no libraries"; }

iconv_t iconv_open(const char *to, const char *from) {
    (void)to, (void)from;
    errno = EINVAL;
    return (iconv_t)-1;
}

size_t iconv(iconv_t converter, char **restrict in, size_t *restrict in_left,
             char **restrict out, size_t *restrict out_left) {
    (void)converter, (void)in, (void)in_left, (void)out, (void)out_left;
    errno = EBADF;
    return (size_t)-1;
}

int iconv_close(iconv_t converter) {
    (void)converter;
    errno = EBADF;
    return -1;
}

int getaddrinfo(const char *restrict node, const char *restrict service,
                const struct addrinfo *restrict hints, struct addrinfo **restrict result) {
    (void)node, (void)service, (void)hints;
    *result = NULL;
    return EAI_FAIL;
}

void freeaddrinfo(struct addrinfo *list) { (void)list; }

const char *gai_strerror(int code) {
    (void)code;
    return "the static program asks no modules for names";
}

int getnameinfo(const struct sockaddr *restrict address, socklen_t length, char *restrict host,
                socklen_t host_size, char *restrict service, socklen_t service_size, int flags) {
    (void)address, (void)length, (void)host, (void)host_size;
    (void)service, (void)service_size, (void)flags;
    return EAI_FAIL;
}

struct hostent *gethostbyname(const char *name) {
    (void)name;
    return NULL;
}

struct servent *getservbyname(const char *name, const char *protocol) {
    (void)name, (void)protocol;
    return NULL;
}

int getservbyport_r(int port, const char *restrict protocol, struct servent *restrict entry,
                    char *restrict buffer, size_t size, struct servent **restrict result) {
    (void)port, (void)protocol, (void)entry, (void)buffer, (void)size;
    *result = NULL;
    return ENOENT;
}

/* The functions for users and groups return an error number, and no entry. */
#define REFUSE(name, id_type, entry_type) \
    int name(id_type id, struct entry_type *restrict entry, char *restrict buffer, size_t size, \
             struct entry_type **restrict result) { \
        (void)id, (void)entry, (void)buffer, (void)size; \
        *result = NULL; \
        return ENOENT; \
    }

REFUSE(getpwuid_r, uid_t, passwd)
REFUSE(getpwnam_r, const char *restrict, passwd)
REFUSE(getgrgid_r, gid_t, group)
REFUSE(getgrnam_r, const char *restrict, group)

#endif
