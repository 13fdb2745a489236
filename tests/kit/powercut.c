/* What a disk keeps when the power goes: LD_PRELOAD this into a program.
 *
 * Files in the folder TOCSIN_CUT_FOLDER are followed. What was synced is copied to the folder
 * TOCSIN_CUT_IMAGE under the same name; what was only written waits in memory. At the
 * TOCSIN_CUT_AT-th call that touches a followed file (0: never) the power goes: of what waits, each
 * 512-byte sector is as it was before, as it is now, or as it was at some moment between, at random
 * (TOCSIN_CUT_SEED); then the process is killed. The image folder is then what a restart finds.
 *
 * The real sync is not done: the image decides. Names of files are taken as durable at once, and so
 * is their removal. Maps (SQLite's -shm) are not followed: they do not outlive the power.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#define SECTOR 512
#define MAX_FILES 64
#define MAX_FDS 4096

struct op {
    struct op *next;
    off_t offset; /* of a write; the new length of a truncation */
    size_t length;
    int truncates;
    unsigned char bytes[];
};

struct file {
    char name[256];
    struct op *first, *last;
    long count;
};

static struct file files[MAX_FILES];
static struct file *of_fd[MAX_FDS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long calls;

static const char *folder(void) { return getenv("TOCSIN_CUT_FOLDER"); }

static uint64_t mix(uint64_t x) { /* splitmix64 */
    x += 0x9e3779b97f4a7c15ULL;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
}

static struct file *file_of_path(const char *path, int make) {
    const char *base = folder();
    size_t length = base ? strlen(base) : 0;
    if (!length || !path || strncmp(path, base, length) || path[length] != '/') return NULL;
    const char *name = path + length + 1;
    size_t n = strlen(name);
    if (strchr(name, '/') || n >= sizeof files[0].name) return NULL;
    if (n > 4 && !strcmp(name + n - 4, "-shm")) return NULL;
    for (int i = 0; i < MAX_FILES; i++) {
        if (!strcmp(files[i].name, name)) return &files[i];
        if (!files[i].name[0]) {
            if (!make) return NULL;
            strcpy(files[i].name, name);
            return &files[i];
        }
    }
    abort(); /* more files than a test ever has */
}

static int open_image(struct file *file) {
    char path[4096];
    int (*real)(const char *, int, ...) = dlsym(RTLD_NEXT, "open64");
    snprintf(path, sizeof path, "%s/%s", getenv("TOCSIN_CUT_IMAGE"), file->name);
    int fd = real(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) abort();
    return fd;
}

static void put(int fd, const void *bytes, size_t length, off_t offset) {
    ssize_t (*real)(int, const void *, size_t, off_t) = dlsym(RTLD_NEXT, "pwrite64");
    if (real(fd, bytes, length, offset) != (ssize_t)length) abort();
}

static void cut_to(int fd, off_t length) {
    int (*real)(int, off_t) = dlsym(RTLD_NEXT, "ftruncate64");
    if (real(fd, length)) abort();
}

static void shut(int fd) {
    int (*real)(int) = dlsym(RTLD_NEXT, "close");
    real(fd);
}

static void forget(struct file *file) {
    for (struct op *op = file->first; op;) {
        struct op *next = op->next;
        free(op);
        op = next;
    }
    file->first = file->last = NULL;
    file->count = 0;
}

static void keep_all(struct file *file) {
    int fd = open_image(file);
    for (struct op *op = file->first; op; op = op->next) {
        if (op->truncates) cut_to(fd, op->offset);
        else put(fd, op->bytes, op->length, op->offset);
    }
    shut(fd);
    forget(file);
}

/* How many of a file's waiting operations a sector has seen when the power goes. */
static long seen_by(uint64_t seed, int file, off_t sector, long count) {
    uint64_t draw = mix(mix(mix(seed) ^ (uint64_t)file) ^ (uint64_t)sector);
    uint64_t whole_file = mix(mix(seed ^ 0x5eed) ^ (uint64_t)file) % 4;
    if (whole_file == 0) return 0;     /* nothing of this file went down */
    if (whole_file == 1) return count; /* all of it did, without being asked */
    if (draw % 10 < 4) return 0;
    if (draw % 10 < 8) return count;
    return (long)((draw >> 8) % (uint64_t)(count + 1));
}

static void power_goes(void) {
    const char *text = getenv("TOCSIN_CUT_SEED");
    uint64_t seed = text ? strtoull(text, NULL, 10) : 0;
    for (int i = 0; i < MAX_FILES && files[i].name[0]; i++) {
        struct file *file = &files[i];
        if (!file->first) continue;
        int fd = open_image(file);
        long place = 0;
        for (struct op *op = file->first; op; op = op->next, place++) {
            if (op->truncates) {
                if (place < seen_by(seed, i, -1, file->count)) cut_to(fd, op->offset);
                continue;
            }
            for (size_t from = 0; from < op->length;) {
                off_t sector = (op->offset + (off_t)from) / SECTOR;
                size_t to = (size_t)((sector + 1) * SECTOR - op->offset);
                if (to > op->length) to = op->length;
                if (place < seen_by(seed, i, sector, file->count))
                    put(fd, op->bytes + from, to - from, op->offset + (off_t)from);
                from = to;
            }
        }
        shut(fd);
    }
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

/* Counts a call, under the lock; the power may go in it. */
static void tick(void) {
    const char *at = getenv("TOCSIN_CUT_AT");
    if (++calls == (at ? atol(at) : 0)) power_goes();
}

static struct file *followed(int fd) { return fd >= 0 && fd < MAX_FDS ? of_fd[fd] : NULL; }

static void wait_for_sync(struct file *file, const void *bytes, size_t length, off_t offset,
                          int truncates) {
    struct op *op = malloc(sizeof *op + length);
    if (!op) abort();
    op->next = NULL;
    op->offset = offset;
    op->length = length;
    op->truncates = truncates;
    if (length) memcpy(op->bytes, bytes, length);
    if (file->last) file->last->next = op;
    else file->first = op;
    file->last = op;
    file->count++;
}

static int opened(int fd, const char *path, int flags) {
    if (fd < 0 || fd >= MAX_FDS) return fd;
    pthread_mutex_lock(&lock);
    struct file *file = file_of_path(path, 1);
    of_fd[fd] = file;
    if (file && (flags & O_TRUNC)) wait_for_sync(file, NULL, 0, 0, 1);
    pthread_mutex_unlock(&lock);
    return fd;
}

#define OPEN(name)                                                             \
    int name(const char *path, int flags, ...) {                               \
        int (*real)(const char *, int, ...) = dlsym(RTLD_NEXT, #name);         \
        va_list more;                                                          \
        va_start(more, flags);                                                 \
        mode_t mode = va_arg(more, mode_t);                                    \
        va_end(more);                                                          \
        return opened(real(path, flags, mode), path, flags);                   \
    }
OPEN(open)
OPEN(open64)

#define PWRITE(name)                                                           \
    ssize_t name(int fd, const void *bytes, size_t length, off_t offset) {     \
        ssize_t (*real)(int, const void *, size_t, off_t) = dlsym(RTLD_NEXT, #name); \
        pthread_mutex_lock(&lock);                                             \
        struct file *file = followed(fd);                                      \
        if (file) tick();                                                      \
        ssize_t done = real(fd, bytes, length, offset);                        \
        if (file && done > 0) wait_for_sync(file, bytes, (size_t)done, offset, 0); \
        pthread_mutex_unlock(&lock);                                           \
        return done;                                                           \
    }
PWRITE(pwrite)
PWRITE(pwrite64)

ssize_t write(int fd, const void *bytes, size_t length) {
    ssize_t (*real)(int, const void *, size_t) = dlsym(RTLD_NEXT, "write");
    pthread_mutex_lock(&lock);
    struct file *file = followed(fd);
    if (file) tick();
    off_t offset = file ? lseek(fd, 0, SEEK_CUR) : 0;
    ssize_t done = real(fd, bytes, length);
    if (file && done > 0) wait_for_sync(file, bytes, (size_t)done, offset, 0);
    pthread_mutex_unlock(&lock);
    return done;
}

#define TRUNCATE(name)                                                         \
    int name(int fd, off_t length) {                                           \
        int (*real)(int, off_t) = dlsym(RTLD_NEXT, #name);                     \
        pthread_mutex_lock(&lock);                                             \
        struct file *file = followed(fd);                                      \
        if (file) tick();                                                      \
        int failed = real(fd, length);                                         \
        if (file && !failed) wait_for_sync(file, NULL, 0, length, 1);          \
        pthread_mutex_unlock(&lock);                                           \
        return failed;                                                         \
    }
TRUNCATE(ftruncate)
TRUNCATE(ftruncate64)

#define SYNC(name)                                                             \
    int name(int fd) {                                                         \
        int (*real)(int) = dlsym(RTLD_NEXT, #name);                            \
        pthread_mutex_lock(&lock);                                             \
        struct file *file = followed(fd);                                      \
        if (file) {                                                            \
            tick();                                                            \
            keep_all(file);                                                    \
        }                                                                      \
        pthread_mutex_unlock(&lock);                                           \
        return file ? 0 : real(fd);                                            \
    }
SYNC(fsync)
SYNC(fdatasync)

int unlink(const char *path) {
    int (*real)(const char *) = dlsym(RTLD_NEXT, "unlink");
    pthread_mutex_lock(&lock);
    struct file *file = file_of_path(path, 0);
    if (file) {
        char image[4096];
        tick();
        forget(file);
        snprintf(image, sizeof image, "%s/%s", getenv("TOCSIN_CUT_IMAGE"), file->name);
        real(image);
    }
    pthread_mutex_unlock(&lock);
    return real(path);
}

int close(int fd) {
    int (*real)(int) = dlsym(RTLD_NEXT, "close");
    if (fd >= 0 && fd < MAX_FDS) {
        pthread_mutex_lock(&lock);
        of_fd[fd] = NULL;
        pthread_mutex_unlock(&lock);
    }
    return real(fd);
}
