/*
 * Clocks, timers, and what every descriptor has in common.
 */
#define _GNU_SOURCE
#include "args.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

double clock_ms(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static napi_value sys_monotonic_ms(napi_env env, napi_callback_info info) {
  (void)info;
  return number(env, clock_ms(CLOCK_MONOTONIC));
}

/* Milliseconds that the machine has slept since it was started. */
static napi_value sys_asleep_ms(napi_env env, napi_callback_info info) {
  (void)info;
  return number(env, clock_ms(CLOCK_BOOTTIME) - clock_ms(CLOCK_MONOTONIC));
}

static napi_value sys_realtime_ms(napi_env env, napi_callback_info info) {
  (void)info;
  return number(env, clock_ms(CLOCK_REALTIME));
}

static napi_value sys_timerfd_create(napi_env env, napi_callback_info info) {
  (void)info;
  return outcome(env, timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC));
}

/* timerfdSet(fd, atMs): absolute, rounded up so that it never fires early; below 0 disarms. */
static napi_value sys_timerfd_set(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  double at_ms = arg_double(&args, 1);
  struct itimerspec spec = {0};
  if (at_ms >= 0) {
    int64_t seconds = (int64_t)(at_ms / 1e3);
    int64_t nanoseconds = (int64_t)((at_ms - (double)seconds * 1e3) * 1e6) + 1;
    spec.it_value.tv_sec = seconds + nanoseconds / 1000000000;
    spec.it_value.tv_nsec = nanoseconds % 1000000000;
  }
  return outcome(env, timerfd_settime((int)arg_number(&args, 0), TFD_TIMER_ABSTIME, &spec, NULL));
}

static napi_value sys_close(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  return outcome(env, close((int)arg_number(&args, 0)));
}

static napi_value sys_read(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  struct bytes into = arg_bytes(&args, 1);
  return outcome(env, read((int)arg_number(&args, 0), into.data, into.length));
}

static napi_value sys_write(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  struct bytes from = arg_bytes(&args, 1);
  return outcome(env, write((int)arg_number(&args, 0), from.data, from.length));
}

/* ioctl(fd, request, bytes in and out | null, number when null) */
static napi_value sys_ioctl(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  struct bytes data = arg_bytes(&args, 2);
  int fd = (int)arg_number(&args, 0);
  unsigned long request = (unsigned long)arg_number(&args, 1);
  if (data.data) return outcome(env, ioctl(fd, request, data.data));
  return outcome(env, ioctl(fd, request, arg_number(&args, 3)));
}

static napi_value sys_fcntl(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  return outcome(env, fcntl((int)arg_number(&args, 0), (int)arg_number(&args, 1), arg_number(&args, 2)));
}

struct mapping {
  void *address;
  size_t length;
};

static void unmap(napi_env env, void *data, void *hint) {
  (void)env;
  (void)data;
  struct mapping *mapping = hint;
  munmap(mapping->address, mapping->length);
  free(mapping);
}

/* mmap(fd, length, writable): an ArrayBuffer that is unmapped when collected. */
static napi_value sys_mmap(napi_env env, napi_callback_info info) {
  struct args args = get_args(env, info);
  size_t length = (size_t)arg_number(&args, 1);
  int protection = arg_number(&args, 2) ? PROT_READ | PROT_WRITE : PROT_READ;
  void *address = mmap(NULL, length, protection, MAP_SHARED, (int)arg_number(&args, 0), 0);
  if (address == MAP_FAILED) return outcome(env, -1);
  struct mapping *mapping = malloc(sizeof *mapping);
  napi_value buffer;
  if (mapping) *mapping = (struct mapping){address, length};
  if (mapping && napi_create_external_arraybuffer(env, address, length, unmap, mapping, &buffer) == napi_ok)
    return buffer;
  munmap(address, length);
  free(mapping);
  return number(env, -ENOMEM);
}

void register_descriptors(napi_env env, napi_value exports) {
  static const struct function functions[] = {
      {"monotonicMs", sys_monotonic_ms},
      {"asleepMs", sys_asleep_ms},
      {"realtimeMs", sys_realtime_ms},
      {"timerfdCreate", sys_timerfd_create},
      {"timerfdSet", sys_timerfd_set},
      {"close", sys_close},
      {"read", sys_read},
      {"write", sys_write},
      {"ioctl", sys_ioctl},
      {"fcntl", sys_fcntl},
      {"mmap", sys_mmap},
  };
  register_functions(env, exports, functions, sizeof functions / sizeof functions[0]);
}
